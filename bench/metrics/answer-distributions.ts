/**
 * Times of answers: rows of `distributions.ts`. Only answers with their intended start in the
 * measurement count.
 */
export const answerDistributions = [
  {
    histogram: 'firstToken',
    name: 'first-token',
    label: 'first token',
    group: 'latency',
    samplesGrowWith: 'streams',
    only: 'answers',
    definition:
      'Time from the intended start of an answer to its first event with content on any channel, such as reasoning. Events with only a role, with empty content or without content do not count.',
  },
  {
    histogram: 'firstAnswer',
    name: 'first-answer',
    label: 'first answer',
    group: 'latency',
    samplesGrowWith: 'streams',
    only: 'answers',
    definition: 'The same without reasoning: to the first content of the answer itself.',
  },
  {
    histogram: 'chunkGap',
    name: 'chunk-gap',
    label: 'chunk gap',
    group: 'latency',
    samplesGrowWith: 'duration',
    only: 'answers',
    definition: 'Time between two events with content of one answer. It is 0 within one read.',
  },
  {
    histogram: 'timePerToken',
    name: 'tpot',
    label: 'time per output token',
    group: 'latency',
    samplesGrowWith: 'streams',
    only: 'answers',
    definition:
      'Time from the first to the last event with content, divided by the number of tokens minus 1. The server reports the tokens (`usage`). Answers without that number, or with only one event with content, have no value.',
  },
  {
    histogram: 'timePerChunk',
    name: 'time-per-chunk',
    label: 'time per chunk (no usage)',
    group: 'latency',
    samplesGrowWith: 'streams',
    only: 'answers',
    definition:
      'The same for answers whose server reported no tokens: divided by the number of events with content minus 1.',
  },
  {
    histogram: 'answerTotal',
    name: 'answer-total',
    label: 'answer total',
    group: 'latency',
    samplesGrowWith: 'streams',
    only: 'answers',
    definition:
      'Time from the intended start of a completed answer to its last event with content, not to its end marker.',
  },
] as const;
