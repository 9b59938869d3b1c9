/** Sentences about the numbers and stamps in events, if the user named their places. */
import { decideNumbering } from '../../measure/numbering.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import { coarseStampNs, type PathFindings } from '../../result/event-data.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { formatNumber } from './format.ts';

type Events = Scenario['events'];

/** The conditions of a run that these sentences depend on. */
export type Conditions = Pick<RunResult, 'scenario' | 'settings'>;

/** A server may have paths of its own. */
const eventsOf = (server: string, { scenario, settings }: Conditions): Events =>
  settings?.[server]?.events ?? scenario.events;

/** The options as the user gave them, with the values found there. */
const paths = ({ eventData }: ServerSummary, { sequence, stamp }: Events) => [
  { option: `--sequence ${sequence}`, what: 'number', found: eventData.sequence },
  { option: `--stamp ${stamp}`, what: 'time', found: eventData.stamp },
];

/** Notes that explain figures; for each server at most six. */
export function eventNotes(summaries: readonly ServerSummary[], conditions: Conditions): string[] {
  return summaries
    .filter(({ measuredRounds }) => measuredRounds > 0)
    .flatMap((summary) => {
      const events = eventsOf(summary.server, conditions);
      return [
        ...numberNotes(summary, events),
        ...stampNotes(summary),
        ...paths(summary, events).flatMap(({ option, what, found }) =>
          found && found.found > 0 && found.absent > 0
            ? [`${formatNumber(found.absent)} events had no ${what} at ${option}: ${found.example}`]
            : [],
        ),
      ].map((note) => `${summary.server}: ${note}.`);
    });
}

function numberNotes({ eventData, numbering }: ServerSummary, { sequence }: Events): string[] {
  if (sequence === null) return [];
  if (eventData.sequence === null) return ['its own counter has the numbers, not --sequence'];
  const decided = decideNumbering(numbering);
  if (decided === undefined) return [];
  return [
    decided.kind === 'feed'
      ? `the numbers belong to one feed for all streams (${decided.why})`
      : `each stream has its own numbers (${decided.why})`,
    ...(decided.countsUp
      ? []
      : [
          `no number at --sequence ${sequence} is one higher than the one before it, so missing events are unknown`,
        ]),
  ];
}

function stampNotes({ eventData: { stamp } }: ServerSummary): string[] {
  if (stamp === null || stamp.found === 0) return [];
  if (stamp.isElsewhere)
    return [
      'no delivery, because the URL, or a redirect of it, may lead to another machine, whose clock may differ from the clock of this machine',
    ];
  return [
    ...(stamp.resolutionNs < coarseStampNs
      ? []
      : [`its stamps have a resolution of ${inUnit(stamp.resolutionNs)}, and so has delivery`]),
    ...(stamp.foreign > 0
      ? [
          `delivery is without ${formatNumber(stamp.foreign)} events, whose times are not within 1 h of this machine’s clock`,
        ]
      : []),
  ];
}

const inUnit = (timeNs: number) =>
  timeNs >= 1e9 ? `${formatNumber(timeNs / 1e9)} s` : `${formatNumber(timeNs / 1e6)} ms`;

/** Problems: a path without any value, and times of another clock. */
export function eventProblems(summary: ServerSummary, conditions: Conditions): string[] {
  const events = eventsOf(summary.server, conditions);
  const { stamp } = summary.eventData;
  return [
    ...paths(summary, events).flatMap(({ option, what, found }) =>
      found && isEmpty(found)
        ? [
            `no event had a ${what === 'number' ? 'whole number' : what} at ${option}; an event has ${found.example}`,
          ]
        : [],
    ),
    ...(stamp && stamp.foreign > 0 && stamp.found === 0
      ? [
          `no time at --stamp ${events.stamp} is within 1 h of this machine’s clock, in ns, µs, ms, s or as ISO text`,
        ]
      : []),
  ];
}

const isEmpty = ({ found, absent, ...more }: PathFindings & { foreign?: number }) =>
  found === 0 && absent > 0 && (more.foreign ?? 0) === 0;
