/** The distributions that a result holds; what each means stands with its metrics, in `measure/distributions.ts`. */

/** Those that a generator fills. */
export const generatorHistograms = [
  'arrivalLag',
  'timeToHeaders',
  'timeToHeadersUncorrected',
  'timeToFirstByte',
  'timeToFirstEvent',
  'timeToFirstEventUncorrected',
  'eventGap',
  'scheduleLag',
  'delivery',
  'loopDelay',
  'coalescing',
  'stormDelivery',
  'stormLoopDelay',
  'recovery',
  'reconnectAttempt',
  'reconnectLag',
] as const;
export type GeneratorHistogram = (typeof generatorHistograms)[number];

/** All: also those that come from looking into the server. */
export const histogramNames = [...generatorHistograms, 'release', 'quietRelease'] as const;
export type HistogramName = (typeof histogramNames)[number];
