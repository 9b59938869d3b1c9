/** Sums findings over the instruments of a generator, and over generators. */
import { nothingCounted, type Counted, type Counts, type Recording } from '../result/recording.ts';
import { generatorHistograms, type GeneratorHistogram } from '../result/histogram-names.ts';
import { addByEvent } from './by-event.ts';
import { addEventData } from './event-data/add.ts';
import { addEncoded } from './encodings.ts';
import { addUp } from './failure-counts.ts';
import { createHistogram } from './histogram.ts';
import { addNumbering } from './numbering.ts';
import type { Findings } from './instrument.ts';

function addCounts(total: Counts, more: Readonly<Partial<Counts>>): void {
  for (const name of Object.keys(more) as (keyof Counts)[]) total[name] += more[name]!;
}

/** How to add each part of a recording to a total. */
const additions: { [Part in keyof Counted]: (total: Counted[Part], more: Counted[Part]) => void } =
  {
    counts: addCounts,
    failures: addUp,
    failedAttempts: addUp,
    unexpectedEvents: addUp,
    encodings: addEncoded,
    eventData: addEventData,
    numbering: addNumbering,
    byEvent: addByEvent,
  };

/** Sums everything except distributions. */
export function sumOf(all: readonly Findings[] | readonly Counted[]): Counted {
  const total = nothingCounted();
  const add = <Part extends keyof Counted>(part: Part, more: Counted[Part] | undefined) =>
    more && additions[part](total[part], more);
  for (const found of all)
    for (const part of Object.keys(additions) as (keyof Counted)[])
      add(part, found[part] as Counted[typeof part] | undefined);
  return total;
}

/** @param encoded returns the encoded distribution of a name */
export const histogramsFrom = (
  encoded: (name: GeneratorHistogram) => string,
): Recording['histograms'] =>
  Object.fromEntries(
    generatorHistograms.map((name) => [name, encoded(name)]),
  ) as Recording['histograms'];

/** The recording of a generator that has these instruments. */
export function recordingOf(instruments: readonly { findings(): Findings }[]): Recording {
  const all = instruments.map((instrument) => instrument.findings());
  const histograms = Object.assign({}, ...all.map((found) => found.histograms)) as NonNullable<
    Findings['histograms']
  >;
  return {
    ...sumOf(all),
    histograms: histogramsFrom((name) => (histograms[name] ?? createHistogram()).encode()),
  };
}
