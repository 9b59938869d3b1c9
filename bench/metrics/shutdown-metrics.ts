/** Metrics of a server that is told to stop while streams are open. */
import type { ShutdownOutcome } from '../scenario/kinds/shutdown.ts';
import type { Figure, Metric } from './metric.ts';

const only = 'a shutdown';
const of =
  (figure: (outcome: ShutdownOutcome) => Figure): Metric['of'] =>
  ({ outcome }) =>
    outcome?.kind === 'shutdown' ? figure(outcome) : undefined;

export const shutdownMetrics: readonly Metric[] = [
  {
    name: 'refused-after',
    label: 'refused after',
    unit: 'ms',
    group: 'clean-up',
    only,
    definition:
      'From SIGTERM until a new connection is refused; none where that did not happen before the process was killed. A connection is tried each 5 ms, after a second each 50 ms.',
    of: of(({ refusedAfterMs }) => refusedAfterMs ?? undefined),
  },
  {
    name: 'ended-properly',
    label: 'ended properly',
    unit: '',
    group: 'audit',
    only,
    moreIsBetter: true,
    definition:
      'Streams that were open at SIGTERM and whose response came to its end (the final chunk was seen), with no event in part.',
    of: of(({ endedProperly }) => endedProperly),
  },
  {
    name: 'cut-streams',
    label: 'cut streams',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Streams that were open at SIGTERM and whose connection closed without the end of the response, or in the middle of an event.',
    of: of(({ cut }) => cut),
  },
  {
    name: 'cut-in-event',
    label: 'cut in an event',
    unit: '',
    group: 'audit',
    only,
    definition: 'Those of them whose last event came in part.',
    of: of(({ cutInEvent }) => cutInEvent),
  },
  {
    name: 'still-open',
    label: 'still open',
    unit: '',
    group: 'audit',
    only,
    definition: 'Streams that were still open when the grace period was over.',
    of: of(({ stillOpen }) => stillOpen),
  },
  {
    name: 'lost-events',
    label: 'lost events',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Events that the server had sent and that never came whole. Exact where the server reports how many it sent, as reference servers do when they end; else at least those that came in part, and numbers that are lower than one that came.',
    of: of(({ lost }) => lost),
  },
  {
    name: 'retry-seen',
    label: 'retry seen',
    unit: '',
    group: 'audit',
    only,
    moreIsBetter: true,
    definition:
      'Streams on which the server said before the end how long to wait before reconnecting (`retry:`).',
    of: of(({ retrySeen }) => retrySeen),
  },
  {
    name: 'exit-after',
    label: 'exit after',
    unit: 'ms',
    group: 'clean-up',
    only,
    definition: 'From SIGTERM to the end of the process; where it was killed, the grace period.',
    of: of(({ exitAfterMs }) => exitAfterMs),
  },
  {
    name: 'exit-code',
    label: 'exit code',
    unit: '',
    group: 'clean-up',
    only,
    definition: 'With which the process ended; none where a signal ended it.',
    of: of(({ exitCode }) => exitCode ?? undefined),
  },
  {
    name: 'killed',
    label: 'killed',
    unit: '',
    group: 'clean-up',
    only,
    definition:
      'Whether the process had not ended within the grace period and was killed: 1, else 0.',
    of: of(({ wasKilled }) => (wasKilled ? 1 : 0)),
  },
];
