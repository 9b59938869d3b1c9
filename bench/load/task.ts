/**
 * The messages between the main process and its generators: plain data, sent by structured clone.
 */
import type { AnswerFindings } from '../measure/answers/recorder.ts';
import type { FanOutArrivals } from '../measure/fan-out.ts';
import type { Window } from '../measure/recorder.ts';
import type { Recording } from '../result/recording.ts';
import type { GeneratorHealth } from '../result/run-result.ts';
import type { Http2Figures } from '../stream/http2-figures.ts';
import type { LoadPlan } from './plan.ts';
import type { EventOptions } from '../scenario/event-options.ts';
import type { Answers } from '../scenario/kinds/answers.ts';
import type { ReconnectDelay } from '../scenario/reconnect-delay.ts';
import type { RequestOptions } from '../scenario/request-options.ts';
import type { CloseMethod, Transport } from '../scenario/scenario.ts';

/** Clients that reconnect: after one planned cut, or whenever their stream ends. */
export interface ReconnectTask extends ReconnectDelay {
  /** When all streams are cut, and whether the clients do it; `null` without a planned cut. */
  cut: { atNs: number; byClients: boolean } | null;
}

/** Answers: streams that the server ends. */
export type AnswersTask = Omit<Answers, 'kind'>;

/** Everything that a generator needs to make its share of the load. */
export interface LoadTask {
  plan: LoadPlan;
  /** The index of this generator, and the number of generators. */
  generator: number;
  generators: number;
  url: string;
  /** The URLs of quiet streams and of remaining streams; unused if the plan has none. */
  quietUrl: string;
  remainingUrl: string;
  /** How each stream is opened; its texts and the URLs may contain templates. */
  request: RequestOptions;
  /** How streams without TLS are read. */
  transport: Transport;
  /** Local addresses that streams use in turn; `undefined` lets the system choose. */
  localAddresses: (string | undefined)[];
  /** When the ramp starts, on the common clock. */
  rampAtNs: number;
  window: Window;
  /** Facts about the server for the recorder: see `RecorderOptions`. */
  intervalMs: number | null;
  stormIntervalMs: number | null;
  firstNumber: number | 'any';
  sameClock: boolean;
  events?: EventOptions;
  /**
   * Whether the server's interval is unknown. ssebench then judges silence by each stream's own
   * pace.
   */
  keepsOwnPace: boolean;
  /** A stream that receives nothing for this long has stalled. Quiet streams never stall. */
  stallAfterMs: number;
  /** A generator whose event loop is delayed for longer than this has stalled. */
  longPauseMs: number;
  /** How many bytes each slow reader reads per second. */
  slowBytesPerSecond: number;
  /** How clients reconnect; `null` if they do not. */
  reconnect: ReconnectTask | null;
  /** `null` if streams are not answers. */
  answers: AnswersTask | null;
  /** How the streams disconnect at the end. */
  disconnect: CloseMethod;
}

/** The report of a generator at the end of its task. */
export interface LoadResult {
  recording: Recording;
  /** When numbers of a feed arrived; `undefined` if the user named no path of numbers. */
  fanOut?: FanOutArrivals | undefined;
  /** `undefined` if streams are not answers. */
  answers?: AnswerFindings | undefined;
  /** The connections of HTTP/2; `undefined` over HTTP/1.1. */
  http2?: Http2Figures | undefined;
  health: GeneratorHealth;
  /** When each stream that was still open was closed, on the common clock, in ascending order. */
  closedNs: { paced: Float64Array; quiet: Float64Array };
}

/** A generator's state while it works. */
export interface LoadProgress {
  open: number;
  eventsPerSecond: number;
  /**
   * The longest delay of the server's loop since the last report; `null` if no stamp showed any.
   */
  loopDelayMs: number | null;
  /** The mean delivery time since the last report; `null` if there was no stamp. */
  deliveryMs: number | null;
}

export type ToGenerator =
  | { type: 'run'; task: LoadTask }
  /** The measurement ends now, earlier than planned. */
  | { type: 'end measuring'; atNs: number }
  | { type: 'disconnect' };
export type FromGenerator =
  | { type: 'ready' }
  | ({ type: 'progress' } & LoadProgress)
  | { type: 'done'; result: LoadResult };
