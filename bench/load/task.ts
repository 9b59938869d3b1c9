/** What travels between the main process and its generators; plain data, sent by structured clone. */
import type { Window } from '../measure/recorder.ts';
import type { Recording } from '../result/recording.ts';
import type { GeneratorHealth } from '../result/run-result.ts';
import type { LoadPlan } from './plan.ts';
import type { Reconnect } from '../scenario/kinds/reconnect.ts';
import type { CloseMethod } from '../scenario/scenario.ts';

/** Everything that a generator needs to make its share of the load. */
export interface LoadTask {
  plan: LoadPlan;
  /** This generator's index, and how many there are. */
  generator: number;
  generators: number;
  url: string;
  /** The URLs of the quiet streams, and of those that stay; unused where the plan has none. */
  quietUrl: string;
  stayingUrl: string;
  headers: Record<string, string>;
  /** Where streams connect from in turn; `undefined` leaves the choice to the system. */
  localAddresses: (string | undefined)[];
  /** When the ramp begins, on the common clock. */
  rampAtNs: number;
  window: Window;
  /** What the recorder knows of the server: see `RecorderOptions`. */
  intervalMs: number | null;
  stormIntervalMs: number | null;
  firstNumber: number | 'any';
  sameClock: boolean;
  /** Whether nobody knows the server's interval: silence is then judged by each stream's own pace. */
  keepsOwnPace: boolean;
  /** A stream that brings nothing for this long has stalled. Quiet streams never do. */
  stallAfterMs: number;
  /** When a generator's event loop is held up for longer than this, it stands still. */
  standstillMs: number;
  /** What slow readers read, each. */
  slowBytesPerSecond: number;
  /** When the server is told to cut the streams, and how long their clients wait; `null` where it is not. */
  cut: ({ atNs: number } & Pick<Reconnect, 'retryMs' | 'jitterMs'>) | null;
  /** How the streams leave in the end. */
  disconnect: CloseMethod;
}

/** What a generator made of its task. */
export interface LoadResult {
  recording: Recording;
  health: GeneratorHealth;
  /** When each stream that was still open was closed, on the common clock, in ascending order. */
  closedNs: { paced: Float64Array; quiet: Float64Array };
}

/** A generator's state while it works. */
export interface LoadProgress {
  open: number;
  eventsPerSecond: number;
  /** The longest delay of the server's loop since the last report; `null` where no stamp told of any. */
  loopDelayMs: number | null;
  /** The mean delivery since then. */
  deliveryMs: number | null;
}

export type ToGenerator =
  | { type: 'run'; task: LoadTask }
  /** The measuring ends now, earlier than was planned. */
  | { type: 'end measuring'; atNs: number }
  | { type: 'disconnect' };
export type FromGenerator =
  | { type: 'ready' }
  | ({ type: 'progress' } & LoadProgress)
  | { type: 'done'; result: LoadResult };
