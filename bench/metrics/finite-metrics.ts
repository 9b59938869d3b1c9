/** Metrics of responses that end: short streams, and plain pages of the same server. */
import type { FiniteOutcome } from '../scenario/kinds/finite.ts';
import type { Metric } from './metric.ts';

const of =
  (figure: (finite: FiniteOutcome) => number): Metric['of'] =>
  ({ outcome }) =>
    outcome?.kind === 'finite' ? figure(outcome) : undefined;
const perSecond = ({ answered, overMs }: FiniteOutcome['streams']) => (1_000 * answered) / overMs;
const cpuUs = ({ answered, cpuNs }: FiniteOutcome['streams']) => cpuNs / 1_000 / answered;

const rows = [
  {
    name: 'streams',
    label: 'streams opened and closed',
    unit: '/s',
    group: 'throughput',
    only: 'streams that end',
    moreIsBetter: true,
    definition:
      'Streams that the server ended after the requested number of events. Each is followed by the next on the same connection.',
    of: of(({ streams }) => perSecond(streams)),
  },
  {
    name: 'plain',
    label: 'plain pages',
    unit: '/s',
    group: 'throughput',
    only: 'streams that end',
    moreIsBetter: true,
    definition:
      'Responses to plain requests for the page of the same server, over the same number of connections: its HTTP without streams.',
    of: of(({ plain }) => perSecond(plain)),
  },
  {
    name: 'cpu-per-stream',
    label: 'CPU per stream',
    unit: 'µs',
    group: 'cost',
    only: 'streams that end',
    definition:
      'CPU time of the server per opened and closed stream, from its request to its end, with its events.',
    of: of(({ streams }) => cpuUs(streams)),
  },
  {
    name: 'cpu-per-plain',
    label: 'CPU per plain page',
    unit: 'µs',
    group: 'cost',
    only: 'streams that end',
    definition: 'CPU time of the server per plain page.',
    of: of(({ plain }) => cpuUs(plain)),
  },
] as const satisfies readonly Metric[];

export const finiteMetrics: readonly Metric[] = rows;
export type FiniteMetric = (typeof rows)[number]['name'];
