/** The distributions in a result. `metrics/distributions.ts` defines the meaning of each. */

/** The distributions that a generator fills. */
export const generatorHistograms = [
  'arrivalLag',
  'timeToHeaders',
  'timeToHeadersUncorrected',
  'timeToFirstByte',
  'timeToFirstEvent',
  'timeToFirstEventUncorrected',
  'eventGap',
  'silence',
  'scheduleLag',
  'delivery',
  'loopDelay',
  'coalescing',
  'stormDelivery',
  'stormLoopDelay',
  'stormGap',
  'lifetime',
  'outage',
  'recovery',
  'reconnectAttempt',
  'reconnectLag',
] as const;
export type GeneratorHistogram = (typeof generatorHistograms)[number];

/** The distributions of answers, which generators fill too. */
export const answerHistograms = [
  'firstToken',
  'firstAnswer',
  'chunkGap',
  'timePerToken',
  'timePerChunk',
  'answerTotal',
] as const;
export type AnswerHistogram = (typeof answerHistograms)[number];

/** All distributions, including those of all generators together, and of the inspected server. */
export const histogramNames = [
  ...generatorHistograms,
  ...answerHistograms,
  'fanOut',
  'release',
  'quietRelease',
] as const;
export type HistogramName = (typeof histogramNames)[number];
