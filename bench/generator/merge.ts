/** What several generators made, as if one had made it: sums of counts, merged histograms. Pure. */
import { generatorHistograms } from '../result/histogram-names.ts';
import { addEncoded } from '../measure/encodings.ts';
import { addUp } from '../measure/failure-counts.ts';
import { mergeEncoded } from '../measure/histogram.ts';
import type { Recording } from '../measure/recorder.ts';
import type { GeneratorHealth, LoadProgress, LoadResult } from '../load/task.ts';

export interface FleetResult {
  recording: Recording;
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

/** Two reports of one generator as one. */
export const later = (first: LoadProgress, second: LoadProgress): LoadProgress => ({
  ...second,
  loopDelayMs: known([first.loopDelayMs, second.loopDelayMs], (delaysMs) => Math.max(...delaysMs)),
});

/** Of those that know. */
function known(
  values: readonly (number | null)[],
  together: (values: readonly number[]) => number,
): number | null {
  const those = values.filter((value) => value !== null);
  return those.length > 0 ? together(those) : null;
}

export function mergeResults(results: readonly LoadResult[]): FleetResult {
  const recordings = results.map(({ recording }) => recording);
  const ascending = (cohort: 'paced' | 'quiet') =>
    Float64Array.from(results.flatMap(({ closedNs }) => [...closedNs[cohort]])).toSorted();
  return {
    recording: mergeRecordings(recordings),
    generators: results.map(({ health }) => health),
    closedNs: { paced: ascending('paced'), quiet: ascending('quiet') },
  };
}

function mergeRecordings([first, ...others]: readonly Recording[]): Recording {
  const merged = structuredClone(first!);
  for (const { counts, failures, failedAttempts, oddities, encodings } of others) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[])
      merged.counts[key] += counts[key];
    addUp(merged.failures, failures);
    addUp(merged.failedAttempts, failedAttempts);
    addUp(merged.oddities, oddities);
    addEncoded(merged.encodings, encodings);
  }
  for (const name of generatorHistograms) {
    merged.histograms[name] = mergeEncoded(
      [first!, ...others].map(({ histograms }) => histograms[name]),
    );
  }
  return merged;
}
