/** Merges the results of several generators into one: sums of counts, merged histograms. Pure. */
import { sumOfAnswers } from '../measure/answers/counts.ts';
import type { AnswerFindings } from '../measure/answers/recorder.ts';
import { histogramsFrom, sumOf } from '../measure/findings.ts';
import { fanOutOf } from '../measure/fan-out.ts';
import { decideNumbering } from '../measure/numbering.ts';
import { mergeEncoded } from '../measure/histogram.ts';
import { answerHistograms } from '../result/histogram-names.ts';
import type { Recording } from '../result/recording.ts';
import type { GeneratorHealth } from '../result/run-result.ts';
import { mergeHttp2, type Http2Figures } from '../stream/http2-figures.ts';
import type { LoadProgress, LoadResult } from '../load/task.ts';

export interface FleetResult {
  recording: Recording;
  /** The fan-out of a feed, as an encoded distribution; `undefined` without a feed. */
  fanOut: string | undefined;
  /** `undefined` if streams are not answers. */
  answers: AnswerFindings | undefined;
  /** The connections of HTTP/2; `undefined` over HTTP/1.1. */
  http2: Http2Figures | undefined;
  generators: GeneratorHealth[];
  closedNs: LoadResult['closedNs'];
}

export function mergeProgress(all: readonly LoadProgress[]): LoadProgress {
  return {
    open: all.reduce((sum, { open }) => sum + open, 0),
    eventsPerSecond: all.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0),
    loopDelayMs: known(
      all.map(({ loopDelayMs }) => loopDelayMs),
      (delaysMs) => Math.max(...delaysMs),
    ),
    deliveryMs: known(
      all.map(({ deliveryMs }) => deliveryMs),
      (means) => means.reduce((sum, each) => sum + each, 0) / means.length,
    ),
  };
}

/** Merges two successive reports of one generator. */
export const later = (first: LoadProgress, second: LoadProgress): LoadProgress => ({
  ...second,
  loopDelayMs: known([first.loopDelayMs, second.loopDelayMs], (delaysMs) => Math.max(...delaysMs)),
});

/** Combines the values that are not null. */
function known(
  values: readonly (number | null)[],
  together: (values: readonly number[]) => number,
): number | null {
  const those = values.filter((value) => value !== null);
  return those.length > 0 ? together(those) : null;
}

export function mergeResults(results: readonly LoadResult[]): FleetResult {
  const recording = mergeRecordings(results.map((each) => each.recording));
  const arrivals = results.flatMap((each) => each.fanOut ?? []);
  const http2 = results.flatMap((each) => each.http2 ?? []);
  const isFeed = decideNumbering(recording.numbering)?.kind === 'feed';
  const ascending = (cohort: 'paced' | 'quiet') =>
    Float64Array.from(results.flatMap(({ closedNs }) => [...closedNs[cohort]])).toSorted();
  return {
    recording,
    fanOut: isFeed ? fanOutOf(arrivals) : undefined,
    answers: mergeAnswers(results.flatMap((each) => each.answers ?? [])),
    http2: http2.length > 0 ? mergeHttp2(http2) : undefined,
    generators: results.map(({ health }) => health),
    closedNs: { paced: ascending('paced'), quiet: ascending('quiet') },
  };
}

const mergeRecordings = (all: readonly Recording[]): Recording => ({
  ...sumOf(all),
  histograms: histogramsFrom((name) => mergeEncoded(all.map(({ histograms }) => histograms[name]))),
});

const mergeAnswers = (all: readonly AnswerFindings[]): AnswerFindings | undefined =>
  all.length === 0
    ? undefined
    : {
        outcome: sumOfAnswers(all.map((each) => each.outcome)),
        histograms: Object.fromEntries(
          answerHistograms.map((name) => [
            name,
            mergeEncoded(all.map(({ histograms }) => histograms[name])),
          ]),
        ) as AnswerFindings['histograms'],
      };
