/** A running, warmed-up server and everything needed to check it. */
import { countsOf, type Noise } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import { betweenSleeps } from '../../verdict/noise.ts';
import type { Growth } from '../../verdict/stable-growth.ts';
import type { CheckOptions } from '../request/check-options.ts';
import type { Crowds } from '../crowd/crowds.ts';
import type { CrowdTask } from '../crowd/task.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { cutAddress } from '../own-network/network.ts';
import type { Baseline } from './baseline.ts';
import type { CheckedServer } from '../checked-server/checked-server.ts';
import type { Time } from '../../system/time.ts';
import type { WorkMeter } from './work-meter.ts';

/** A mode that leaked, and its growth. */
export interface DeferredMode {
  mode: DisconnectMode;
  /** The leaks of its result. Their `afterMs` is that of the inspection that confirms them. */
  leaks: readonly Leak[];
  disconnectedMs: number;
  before: Baseline;
  grown: readonly Growth[];
}

export interface Examination {
  server: CheckedServer;
  crowds: Crowds;
  options: CheckOptions;
  /**
   * Expected time to headers: the smallest median of any round, because the first streams take
   * longer.
   */
  headersMs: number;
  /** Redirects before the stream. */
  redirects: number;
  /** Watches the work of the server after its clients have disconnected. */
  work: WorkMeter;
  /** When the clients of the last round had disconnected. */
  disconnectedMs: number;
  /** Whether the buffers of all sockets are small, so that a slow server can fill them. */
  hasSmallBuffers: boolean;
  /** Whether the server queued more for clients that do not read than bounded buffers hold. */
  isUnbounded?: boolean;
  /** Whether some clients of the last mode received nothing in time although others did. */
  missedSome?: boolean;
  /** Whether clients have more time than the options give, because some missed something. */
  isMorePatient?: boolean;
  /** Why the mode that is tried cannot judge a server with these clients. */
  untestable?: string | undefined;
  /** The state before the warm-up, if the server still held more after it. */
  unsettled: Baseline | undefined;
  /**
   * Whether the server releases in time, but not at once. With the probe, each round then waits for
   * the release, which is measured.
   */
  releasesSlowly: boolean;
  /** Observations of the first clients that are faults of the server. */
  unexpected: Set<string>;
  /**
   * Things that leaked and were not released later, by `heldKey`, and how many of them leak per
   * disconnect; `NaN` if they leak in another way.
   */
  known: Map<string, number>;
  deferred: DeferredMode[];
  /** Deferred modes that must be repeated. */
  toRepeat: DisconnectMode[];
  /** How many clients of rounds have disconnected, without those that did not stay for an event. */
  disconnects: number;
  /** The memory at the last inspection in which it was read; `undefined` if it may have changed. */
  heapKb: number | undefined;
  /** Duration of the last round, without the time after the deadline. */
  roundMs: number;
  /** The things that the server held at the last inspection. */
  baseline: Baseline | undefined;
  /** The most that the server held after any round, since it was started or since the last leak. */
  mark: Baseline;
  /** How much the counts rise without clients, as far as observed. */
  noise: Noise;
  time: Time;
  signal: AbortSignal;
}

/**
 * From outside, timers that are due together are one wakeup. So streams start one after another.
 */
const spreadOverMs = 300;

type TaskSource = Pick<Examination, 'server' | 'options' | 'headersMs' | 'redirects'>;

/** The request of the clients in a mode. */
export const requestIn = (
  { method }: Pick<DisconnectMode, 'method'>,
  { request, isMethodGiven }: Pick<CheckOptions, 'request' | 'isMethodGiven'>,
): RequestOptions =>
  isMethodGiven || method === request.method ? request : { ...request, method, body: '{}' };

/**
 * How long a client waits for more events if the number of events was not given. Two events can
 * follow each other in a shorter time than this, unless events are rare.
 */
const stayMs = 300;

/**
 * @param isBrief whether clients do not stay until the first event either, if events are rare
 */
export function taskFor(
  { server, options, headersMs, redirects }: TaskSource,
  mode: DisconnectMode,
  streams: number,
  isBrief = false,
): Omit<CrowdTask, 'firstStream'> {
  const { events, patienceMs, areEventsGiven } = options;
  const waitsForAll = areEventsGiven || mode.when !== 'after events' || mode.staysOpen === true;
  const overMs = server.inspection.kind === 'outside' ? spreadOverMs : 0;
  return {
    url: server.urlFor(mode),
    request: requestIn(mode, options),
    streams,
    overMs,
    mode,
    events,
    patienceMs,
    ...(!waitsForAll && {
      stay: { after: isBrief ? 'headers' : 'first event', ms: stayMs } as const,
    }),
    headersMs,
    redirects,
    ...(mode.network === 'cut' && { localAddress: cutAddress }),
  };
}

/**
 * The noise in a round that ends when its growth is stable. Loops that have leaked in an earlier
 * mode may be between two sleeps.
 */
export function noiseWithLeaks({ noise, known, baseline }: Examination): Noise {
  const counts = countsOf(baseline?.held ?? []);
  const slack = [...known.keys()].map(
    (key) => [key, betweenSleeps(key, counts.get(key) ?? 0)] as const,
  );
  return new Map([...slack.filter(([, rise]) => rise > 0), ...noise]);
}

/**
 * Whether equal inspections show that the growth of a round is stable. From outside, no two
 * inspections are equal.
 */
export const mayBeQuick = ({ server, noise }: Pick<Examination, 'server' | 'noise'>): boolean =>
  server.inspection.kind !== 'outside' && noise.size === 0;
