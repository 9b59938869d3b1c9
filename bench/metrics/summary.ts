/** Computes the figures of a comparison from its rounds. Pure. */
import { histogramNames, type HistogramName } from '../result/histogram-names.ts';
import type { FailedRound, MeasuredRound, RoundResult } from '../result/run-result.ts';
import { addEventData } from '../measure/event-data/add.ts';
import { addEncoded } from '../measure/encodings.ts';
import { addUp } from '../measure/failure-counts.ts';
import { addNumbering } from '../measure/numbering.ts';
import {
  mostEventNames,
  noEventData,
  noNumbering,
  otherNames,
  type EventDataFindings,
  type NumberingEvidence,
} from '../result/event-data.ts';
import type { Causes, Encodings } from '../result/recording.ts';
import { hasTooFewSamples, readingsOf, sum, type Figure, type Metric } from './metric.ts';
import { metrics } from './metrics.ts';
import type { ServerRounds } from './server-rounds.ts';

/**
 * The median and the range of a server's rounds; for an even number, the mean of the middle two.
 */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** One server of a run. */
export interface ServerSummary {
  server: string;
  /** The number of rounds that the figures come from. */
  measuredRounds: number;
  /** All measured rounds are invalid, and the figures come from these. */
  invalid: boolean;
  /** Invalid rounds. The figures exclude them if there are valid ones. */
  invalidRounds: readonly MeasuredRound[];
  failedRounds: readonly FailedRound[];
  /** A metric's name → its spread over rounds; `undefined` if a round does not have it. */
  figures: Map<string, Spread | 'too few' | undefined>;
  /** The number of samples in each histogram, over the rounds that the figures come from. */
  samples: Readonly<Record<HistogramName, number>>;
  /** The causes of failed streams, counted over all rounds. */
  failures: Causes;
  /** The same for failed attempts to reconnect after a cut. */
  failedAttempts: Causes;
  /** Problems of single events, over all rounds. */
  unexpectedEvents: Causes;
  /** Why its processes were not inspected, each reason once; empty if they were. */
  uninspected: readonly string[];
  /** Compressed streams over all rounds, by content encoding. */
  encodings: Encodings;
  /** The values found in events, over all rounds. */
  eventData: EventDataFindings;
  numbering: NumberingEvidence;
  /** The event names of the measured rounds that the figures come from. */
  byEvent: readonly NamedSummary[];
}

/** The events of one name, over the rounds of a server. */
export interface NamedSummary {
  name: string;
  events: number;
  /** The length of all measurements of these rounds together. */
  measuredMs: number;
  /** Encoded distributions, one for each round. */
  gap: readonly string[];
  delivery: readonly string[];
}

/** @param servers the rounds of each server */
export function summarise(servers: readonly ServerRounds[]): ServerSummary[] {
  return servers.map(({ server, own, valid, invalid: invalidRounds, failed: failedRounds }) => {
    const invalid = valid.length === 0 && invalidRounds.length > 0;
    const rounds = invalid ? invalidRounds : valid;
    const measured = rounds.map(figuresOf);
    const samples = samplesIn(measured);
    return {
      server,
      measuredRounds: measured.length,
      invalid,
      invalidRounds,
      failedRounds,
      figures: new Map(metrics.map((metric) => [metric.name, figureOf(metric, measured, samples)])),
      samples,
      failures: totalOf(own.map(({ failures }) => failures)),
      failedAttempts: totalOf(own.map(({ failedAttempts }) => failedAttempts)),
      unexpectedEvents: totalOf(own.map(({ unexpectedEvents }) => unexpectedEvents)),
      uninspected: [...new Set(own.flatMap(whyOutside))],
      encodings: encodedIn(own),
      eventData: eventDataIn(own),
      numbering: numberingIn(own),
      byEvent: namedIn(rounds),
    };
  });
}

const whyOutside = (round: RoundResult) =>
  round.state === 'measured' && round.process?.inspection === 'outside' ? [round.process.why] : [];

interface RoundFigures {
  /** A metric's name → its figure. */
  figures: ReadonlyMap<string, Figure>;
  /** The number of samples in each histogram. */
  samples: Readonly<Record<HistogramName, number>>;
  /** The number of distinct durations in all histograms together. */
  different: number;
}

/**
 * Keeps the figures of a round, since the check of a result reads them too. The decoded histograms
 * are not kept.
 */
const known = new WeakMap<MeasuredRound, RoundFigures>();

/** @throws if a histogram of the round cannot be read */
export function figuresOf(round: MeasuredRound): RoundFigures {
  const before = known.get(round);
  if (before) return before;
  const readings = readingsOf(round);
  const found: RoundFigures = {
    figures: new Map(metrics.map((metric) => [metric.name, metric.of(readings)])),
    samples: Object.fromEntries(
      histogramNames.map((name) => [name, readings.durations[name].count]),
    ) as RoundFigures['samples'],
    different: sum(histogramNames.map((name) => readings.durations[name].different)),
  };
  known.set(round, found);
  return found;
}

const samplesIn = (measured: readonly RoundFigures[]) =>
  Object.fromEntries(
    histogramNames.map((name) => [name, sum(measured.map(({ samples }) => samples[name]))]),
  ) as ServerSummary['samples'];

function figureOf(
  metric: Metric,
  measured: readonly RoundFigures[],
  samples: ServerSummary['samples'],
): Spread | 'too few' | undefined {
  const spread = spreadOf(measured.map(({ figures }) => figures.get(metric.name)));
  const hasTooFew = hasTooFewSamples(metric, (histogram) => samples[histogram]);
  return spread !== undefined && hasTooFew ? 'too few' : spread;
}

export function spreadOf(figures: readonly Figure[]): Spread | undefined {
  const numbers = figures.filter((figure) => typeof figure === 'number').toSorted((a, b) => a - b);
  if (numbers.length === 0 || numbers.length < figures.length) return undefined;
  const middle = (numbers.length - 1) / 2;
  return {
    median: (numbers[Math.floor(middle)]! + numbers[Math.ceil(middle)]!) / 2,
    min: numbers[0]!,
    max: numbers.at(-1)!,
  };
}

function encodedIn(rounds: readonly RoundResult[]): Encodings {
  const total: Encodings = {};
  for (const { encodings } of rounds) addEncoded(total, encodings);
  return total;
}

function totalOf(all: readonly Causes[]): Causes {
  const total: Causes = Object.create(null); // a cause may be called `constructor`
  for (const causes of all) addUp(total, causes);
  return total;
}

function eventDataIn(rounds: readonly RoundResult[]): EventDataFindings {
  const total = noEventData();
  for (const { eventData } of rounds) addEventData(total, eventData);
  return total;
}

function numberingIn(rounds: readonly RoundResult[]): NumberingEvidence {
  const total = noNumbering();
  for (const { numbering } of rounds) addNumbering(total, numbering);
  return total;
}

function namedIn(rounds: readonly MeasuredRound[]): NamedSummary[] {
  const measuredMs = sum(rounds.map(({ durationMs }) => durationMs));
  const all = rounds.flatMap(({ byEvent }) => byEvent);
  // Each round may have other names, for example if a server makes a new one for each event.
  const names = [...new Set(all.map(({ name }) => name))].filter((name) => name !== otherNames);
  const kept = new Set(names.slice(0, mostEventNames));
  const named = Map.groupBy(all, ({ name }) => (kept.has(name) ? name : otherNames));
  return Array.from(named, ([name, those]) => ({
    name,
    measuredMs,
    events: sum(those.map(({ events }) => events)),
    gap: those.map(({ gap }) => gap),
    delivery: those.map(({ delivery }) => delivery),
  }));
}
