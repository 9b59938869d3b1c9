/** Metrics of answers: streams that are one request each, and that the server ends. */
import type { AnswersOutcome } from '../scenario/kinds/answers.ts';
import type { Figure, Metric } from './metric.ts';

const only = 'answers';
const of =
  (figure: (outcome: AnswersOutcome, durationMs: number) => Figure): Metric['of'] =>
  ({ outcome, durationMs }) =>
    outcome?.kind === only ? figure(outcome, durationMs) : undefined;
const perSecond = (amount: number, durationMs: number) => amount / (durationMs / 1_000);

const rows = [
  {
    name: 'answers',
    label: 'answers',
    unit: '/s',
    group: 'throughput',
    only,
    moreIsBetter: true,
    definition: 'Completed answers that ended in the measurement.',
    of: of(({ endedCompleted }, ms) => perSecond(endedCompleted, ms)),
  },
  {
    name: 'tokens',
    label: 'tokens',
    unit: '/s',
    group: 'throughput',
    only,
    moreIsBetter: true,
    definition:
      'Tokens of the completed answers that ended in the measurement, as the server reported them (`usage`). There is no value if it reported none.',
    of: of(({ endedTokens }, ms) => (endedTokens > 0 ? perSecond(endedTokens, ms) : undefined)),
  },
  {
    name: 'chunks',
    label: 'chunks',
    unit: '/s',
    group: 'throughput',
    only,
    moreIsBetter: true,
    definition: 'Events with content. A server may send several tokens in one event.',
    of: of(({ chunks }, ms) => perSecond(chunks, ms)),
  },
  {
    name: 'goodput',
    label: 'goodput',
    unit: '%',
    group: 'throughput',
    only,
    moreIsBetter: true,
    definition:
      'Share of completed answers that met every `--expect-stream`, among all answers that ended in the measurement. Answers that ssebench capped do not count.',
    of: of(({ endedGood, ended }) =>
      endedGood !== null && ended > 0 ? (100 * endedGood) / ended : undefined,
    ),
  },
  {
    name: 'goodput-rate',
    label: 'goodput',
    unit: '/s',
    group: 'throughput',
    only,
    moreIsBetter: true,
    definition: 'Completed answers that met every `--expect-stream`, and ended in the measurement.',
    of: of(({ endedGood }, ms) => (endedGood === null ? undefined : perSecond(endedGood, ms))),
  },
  {
    name: 'completed',
    label: 'completed',
    unit: '',
    group: 'audit',
    only,
    moreIsBetter: true,
    definition:
      'Answers whose end marker arrived. If the format has no marker: whose response ended properly after at least one event.',
    of: of(({ completed }) => completed),
  },
  {
    name: 'ended-early',
    label: 'ended early',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Answers whose response ended properly without the end marker, or without any event.',
    of: of(({ endedEarly }) => endedEarly),
  },
  {
    name: 'capped',
    label: 'capped',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Answers from which ssebench disconnected: after `--max-events`, or at the end of the measurement.',
    of: of(({ capped }) => capped),
  },
  {
    name: 'still-running',
    label: 'still running',
    unit: '',
    group: 'audit',
    only,
    definition: 'The capped answers that were still running at the end of the measurement.',
    of: of(({ stillRunning }) => stillRunning),
  },
  {
    name: 'timed-out',
    label: 'timed out',
    unit: '',
    group: 'audit',
    only,
    definition: 'Answers that had not ended after `--answer-timeout`.',
    of: of(({ timedOut }) => timedOut),
  },
] as const satisfies readonly Metric[];

export const answerMetrics: readonly Metric[] = rows;
export type AnswerMetric = (typeof rows)[number]['name'];
