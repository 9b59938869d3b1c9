/** Metrics of a server that is told to stop while streams are open. */
import type { ShutdownOutcome } from '../scenario/kinds/shutdown.ts';
import type { Figure, Metric } from './metric.ts';

const only = 'a shutdown';
const of =
  (figure: (outcome: ShutdownOutcome) => Figure): Metric['of'] =>
  ({ outcome }) =>
    outcome?.kind === 'shutdown' ? figure(outcome) : undefined;

const rows = [
  {
    name: 'refused-after',
    label: 'refused after',
    unit: 'ms',
    group: 'clean-up',
    only,
    definition:
      'Time from SIGTERM until a new connection is refused. There is no value if the process was killed before. ssebench tries a connection every 5 ms, and after 1 s every 50 ms.',
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
      'Streams open at SIGTERM whose response ended properly (with the final chunk) and without an incomplete event.',
    of: of(({ endedProperly }) => endedProperly),
  },
  {
    name: 'cut-streams',
    label: 'cut streams',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Streams open at SIGTERM whose connection closed before the response ended, or in the middle of an event.',
    of: of(({ cut }) => cut),
  },
  {
    name: 'cut-in-event',
    label: 'cut in an event',
    unit: '',
    group: 'audit',
    only,
    definition: 'Cut streams whose last event was incomplete.',
    of: of(({ cutInEvent }) => cutInEvent),
  },
  {
    name: 'still-open',
    label: 'still open',
    unit: '',
    group: 'audit',
    only,
    definition: 'Streams that were still open at the end of the grace period.',
    of: of(({ stillOpen }) => stillOpen),
  },
  {
    name: 'lost-events',
    label: 'lost events',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Events that the server sent and that never arrived completely. The number is exact if the server reports how many it sent, as reference servers do when they end. Otherwise it is a lower bound: incomplete events, and missing numbers below a received one. There is no value if it would be 0 without a report: the server may have sent more.',
    of: of(({ lost, sent }) => (sent === null && lost === 0 ? undefined : (lost ?? undefined))),
  },
  {
    name: 'retry-seen',
    label: 'retry seen',
    unit: '',
    group: 'audit',
    only,
    moreIsBetter: true,
    definition: 'Streams on which the server sent a reconnect time (`retry:`) before the end.',
    of: of(({ retrySeen }) => retrySeen),
  },
  {
    name: 'exit-after',
    label: 'exit after',
    unit: 'ms',
    group: 'clean-up',
    only,
    definition:
      'Time from SIGTERM to the end of the process. If it was killed, this is the grace period.',
    of: of(({ exitAfterMs }) => exitAfterMs),
  },
  {
    name: 'exit-code',
    label: 'exit code',
    unit: '',
    group: 'clean-up',
    only,
    definition: 'Exit code of the process. There is no value if a signal ended it.',
    of: of(({ exitCode }) => exitCode ?? undefined),
  },
  {
    name: 'killed',
    label: 'killed',
    unit: '',
    group: 'clean-up',
    only,
    definition:
      'Whether the process was killed because it did not end within the grace period: 1, otherwise 0.',
    of: of(({ wasKilled }) => (wasKilled ? 1 : 0)),
  },
] as const satisfies readonly Metric[];

export const shutdownMetrics: readonly Metric[] = rows;
export type ShutdownMetric = (typeof rows)[number]['name'];
