/** The scenarios with answers: their figures, and their texts for the docs. */
import type { NamedScenario } from './kind.ts';

export const figuresOfAnswers = [
  'answers',
  'first-token.p50',
  'first-token.p95',
  'first-answer.p50',
  'chunk-gap.p95',
  'tpot.p50',
  'time-per-chunk.p50',
  'answer-total.p50',
  'tokens',
  'events-per-read',
  'goodput',
  'ended-early',
  'timed-out',
  'failed',
];

const figuresOfAborts = [
  'answers',
  'completed',
  'capped',
  'first-token.p50',
  'release.p99',
  'held-timers',
  'held-sockets',
  'failed',
];

export const answerScenarios = {
  answers: {
    about: 'streams that end, like answers of a language model: 50 at a time',
    question: 'How fast do the answers of a language model or an agent arrive under load?',
    meaning:
      'Each stream is one request whose response ends. Each answer is followed by the next (the closed model). ' +
      'With `--arrivals`, requests arrive at a given rate, and their times count from the intended start (the open model). `--streams` then limits the concurrent answers. A request over the limit is dropped, and the round is invalid. ' +
      'Answers count as completed, ended early (without the end marker), capped by ssebench, timed out or failed. ' +
      'Only answers with their intended start in the measurement count, so measure for longer than an answer takes.',
    notFor: 'to count short responses per second. Use `finite`, which has a faster client.',
    figures: figuresOfAnswers,
    config: { answers: true, streams: 50, interval: '20ms', duration: '10s' },
    ofUrls: {
      meaning:
        'Your server decides how long an answer is. Reference servers end it after 20 events.',
      config: { interval: undefined },
      small: { streams: 10 },
    },
  },
  abort: {
    about: 'answers whose clients disconnect at a random moment, then a leak check',
    question: 'Does the server stop its work when the client of an answer disconnects?',
    meaning:
      'Clients disconnect at a random moment of each answer (`--abort-within`): before the headers, between two events, or never if the answer ends first. These answers count as capped. ' +
      'Then the leak check disconnects clients from each server with a known process. For each disconnect it reports how long the work of the server goes on: its timers, its CPU time, and its connections to upstreams. ' +
      'A server that does not stop pays for tokens that nobody reads.',
    notFor: 'to measure how fast answers arrive. Use `answers`.',
    figures: figuresOfAborts,
    config: {
      answers: true,
      abortWithin: '500ms',
      streams: 50,
      interval: '20ms',
      duration: '5s',
      rounds: 1,
    },
    ofUrls: {
      config: { interval: undefined, abortWithin: '2s' },
      small: { streams: 10 },
    },
    leakCheck: true,
  },
} satisfies Readonly<Record<string, NamedScenario>>;
