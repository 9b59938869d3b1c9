/** A server that is up and warm, and what it is examined with. */
import type { Noise } from '../result/held.ts';
import type { CheckOptions } from './check-options.ts';
import type { Crowds } from './crowd/crowds.ts';
import type { CrowdTask } from './crowd/task.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { cutAddress } from './own-network/network.ts';
import type { Baseline } from './settle.ts';
import type { Subject } from './server-under-test.ts';
import type { Time } from '../system/time.ts';

export interface Examination {
  subject: Subject;
  crowds: Crowds;
  options: CheckOptions;
  /** How long an answer takes: the shortest that half of the clients of a round had to wait, since the first streams take longer. */
  headersMs: number;
  /** How long the last round took, up to the deadline. */
  roundMs: number;
  /** What the server held when it was last looked at. */
  baseline: Baseline | undefined;
  /** The most that it held after any round, since it was started or last leaked. */
  mark: Baseline;
  /** How much its counts rise without clients, so far as was seen. */
  noise: Noise;
  time: Time;
  signal: AbortSignal;
}

/** From outside, timers that are due together are one wakeup: so streams come one after the other. */
const spreadOverMs = 300;

type Asked = Pick<Examination, 'subject' | 'options' | 'headersMs'>;

export function taskFor(
  { subject, options, headersMs }: Asked,
  leave: DisconnectMode,
  streams: number,
): CrowdTask {
  const { events, patienceMs, headers, body } = options;
  const overMs = subject.inspection.kind === 'outside' ? spreadOverMs : 0;
  return {
    url: subject.urlFor(leave),
    headers,
    body,
    streams,
    overMs,
    leave,
    events,
    patienceMs,
    headersMs,
    ...(leave.network === 'cut' && { localAddress: cutAddress }),
  };
}
