/** Defines an instrument: a part of the recorder that measures one thing and owns its counts. */
import type { GeneratorHistogram } from '../result/histogram-names.ts';
import type { Counted, Counts } from '../result/recording.ts';
import type { DurationHistogram } from './histogram.ts';

/** The parts of a recording that an instrument may fill. */
export type Findings = Partial<Omit<Counted, 'counts'>> & {
  counts?: Partial<Counts>;
  histograms?: Partial<Record<GeneratorHistogram, DurationHistogram>>;
};

type Named<Part extends string, Names extends string, Value> = [Names] extends [never]
  ? unknown
  : Record<Part, Record<Names, Value>>;

/**
 * Measures one thing. Its type names the counts, distributions and other parts that only it fills.
 */
export interface Instrument<
  Count extends keyof Counts = never,
  Distribution extends GeneratorHistogram = never,
  Part extends Exclude<keyof Counted, 'counts'> = never,
> {
  /** The findings so far. */
  findings(): Named<'counts', Count, number> &
    Named<'histograms', Distribution, DurationHistogram> &
    Pick<Counted, Part>;
}
