/**
 * Answers with known times and faults, from a mock server: the figures show exactly these. The
 * schedule of an answer is in `servers/llm/steps.ts`: the role at once, then the tokens.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamExpectationsOf } from '../../scenario/answer-options.ts';
import { apiOf, formatOf } from '../../scenario/apis/apis.ts';
import type { Answers } from '../../scenario/kinds/answers.ts';
import { fromOutside } from '../../scenario/scenario.ts';
import type { RunningServer } from '../../under-test/server.ts';
import { startMockServer } from '../fixtures/helpers/mock-server.ts';
import { figuresOf, measureOnce, measured } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startMockServer();
});
afterAll(() => server.stop());

nothingLeftRunning(watchChildren(), () => [server.pid]);

const streams = 10;
const load: Answers = {
  kind: 'answers',
  arrivals: null,
  format: formatOf(apiOf('openai-chat')!),
  maxEvents: null,
  abortWithinMs: null,
  timeoutMs: 10_000,
  expect: [],
};

/** @param query the times and faults of every answer */
async function answered(query: string, changes: Partial<Answers> = {}, durationMs = 3_500) {
  const path = `${server.origin}/v1/chat/completions?${query}`;
  const from = fromOutside('it', path, null);
  const body = JSON.stringify({
    messages: [],
    stream: true,
    stream_options: { include_usage: true },
  });
  const { result } = await measureOnce(
    { ...from, request: { ...from.request, method: 'POST', body } },
    {
      scenario: {
        load: { ...load, ...changes },
        streams,
        quietStreams: 0,
        intervalMs: null,
        warmUpMs: 100,
        durationMs,
      },
    },
  );
  return result;
}

/** A timer of the server fires up to 1 ms early, and on a busy machine some milliseconds late. */
const near = (ms: number, lateMs = 25) => ({
  asymmetricMatch: (found: unknown) =>
    typeof found === 'number' && found >= ms - 1.5 && found <= ms + lateMs,
  toString: () => `from ${ms - 1.5} to ${ms + lateMs}`,
  toAsymmetricMatcher: () => `from ${ms - 1.5} to ${ms + lateMs}`,
});

test('a chunk with only a role, then 50 tokens 20 ms apart after 300 ms', figured, async () => {
  const result = await answered('first=300&every=20&tokens=50');
  const figures = figuresOf(result);
  expect(figures).toMatchObject({
    'ttfe.p50': near(0),
    'first-token.p50': near(300),
    'first-answer.p50': near(300),
    'chunk-gap.p50': near(20, 3),
    'tpot.p50': near(20, 3),
    'time-per-chunk.p50': undefined,
    'answer-total.p50': near(300 + 49 * 20),
    'ended-early': 0,
    'timed-out': 0,
    failed: 0,
    capped: streams,
    'still-running': streams,
  });
  const { outcome } = measured(result);
  expect(outcome).toMatchObject({ kind: 'answers' });
  expect(figures.completed).toBeGreaterThanOrEqual(streams);
  expect(figures.tokens! / figures.answers!).toBeCloseTo(50, 6);
  // Each answer takes 1.3 s, so 10 at a time are 7.7 per second.
  expect(figures.answers).toBeGreaterThan(4);
  expect(figures.answers).toBeLessThan(10);
});

test('reasoning before the answer is a first token, not an answer', figured, async () => {
  expect(figuresOf(await answered('first=100&every=20&reasoning=10&tokens=20'))).toMatchObject({
    'first-token.p50': near(100),
    'first-answer.p50': near(300),
    'answer-total.p50': near(100 + 29 * 20),
    'tpot.p50': near(20, 3),
  });
});

test(
  'ten tokens in one chunk: the gap is that of chunks, the time that of tokens',
  figured,
  async () => {
    const figures = figuresOf(await answered('first=100&every=100&tokens=50&chunk=10'));
    expect(figures).toMatchObject({
      'chunk-gap.p50': near(100, 5),
      'answer-total.p50': near(500),
    });
    expect(figures['tpot.p50']).toBeGreaterThan((4 * 98) / 49);
    expect(figures['tpot.p50']).toBeLessThan((4 * 110) / 49);
  },
);

test('without usage, the time is that of chunks, and has its own name', figured, async () => {
  expect(figuresOf(await answered('first=100&every=20&tokens=30&usage=no'))).toMatchObject({
    'tpot.p50': undefined,
    'time-per-chunk.p50': near(20, 3),
    tokens: undefined,
    'ended-early': 0,
  });
});

test('an error event after 20 tokens is a failure', figured, async () => {
  const result = await answered('first=50&every=10&tokens=50&error=20');
  expect(result).toMatchObject({
    state: 'failed',
    message: expect.stringMatching(/^all \d+ answers failed: \d+ × error event \(.+\)$/),
  });
});

test('a pause of 2 s is the longest gap, and fails a limit on it', figured, async () => {
  const expectations = streamExpectationsOf({ expectStream: ['gap < 1s'] });
  const query = 'first=50&every=20&tokens=20&stall=2000&stall-after=10';
  const figures = figuresOf(await answered(query, { expect: expectations }, 6_000));
  expect(figures).toMatchObject({
    'chunk-gap.max': near(2_020, 200),
    'chunk-gap.p50': near(20, 3),
    goodput: 0,
    'goodput-rate': 0,
    failed: 0,
  });
});

test('an answer without the end marker ended early, and meets no limit', figured, async () => {
  const expectations = streamExpectationsOf({ expectStream: ['first-token < 1s'] });
  const figures = figuresOf(
    await answered('first=50&every=10&tokens=20&end=none', { expect: expectations }),
  );
  expect(figures).toMatchObject({ completed: 0, failed: 0, goodput: 0, answers: 0 });
  expect(figures['ended-early']).toBeGreaterThan(2 * streams);
});

test('lines that end with CR LF, and a limit that all answers meet', figured, async () => {
  const expectations = streamExpectationsOf({ expectStream: ['first-token < 1s', 'total < 2s'] });
  const figures = figuresOf(
    await answered('first=50&every=10&tokens=20&eol=crlf', { expect: expectations }),
  );
  expect(figures).toMatchObject({ goodput: 100, 'ended-early': 0, failed: 0 });
  expect(figures['goodput-rate']).toBeCloseTo(figures.answers!, 6);
});

test(
  'the open model: requests arrive at their rate, whether or not answers end',
  figured,
  async () => {
    const arrivals = { perSecond: 40, spacing: 'constant', most: 200 } as const;
    const result = await answered('first=300&every=20&tokens=20', { arrivals });
    const { planned, counts, outcome } = measured(result);
    expect(planned).toBeGreaterThanOrEqual(135);
    expect(planned).toBeLessThanOrEqual(141);
    expect(counts.started).toBe(planned);
    expect(outcome).toMatchObject({ dropped: 0, failed: 0, endedEarly: 0, timedOut: 0 });
    expect(figuresOf(result)).toMatchObject({ 'first-token.p50': near(300), dropped: 0 });
  },
);

test('the open model over its limit: the round is invalid', figured, async () => {
  const arrivals = { perSecond: 40, spacing: 'constant', most: 5 } as const;
  const result = await answered('first=1000&every=20&tokens=20', { arrivals });
  const { doubts, outcome } = measured(result);
  expect(outcome).toMatchObject({ kind: 'answers' });
  expect(doubts.map(({ check }) => check)).toContain('dropped streams');
});

test('answers that take longer than their limit have timed out', figured, async () => {
  const query = 'first=50&every=20&tokens=10&stall=5000&stall-after=5';
  expect(await answered(query, { timeoutMs: 500 })).toMatchObject({
    state: 'failed',
    message: expect.stringMatching(/^all (\d+) answers failed \(\1 timed out\)$/),
  });
});

test('ssebench disconnects after a number of events', figured, async () => {
  // The role and nine tokens.
  const figures = figuresOf(await answered('first=50&every=10&tokens=500', { maxEvents: 10 }));
  expect(figures.capped).toBeGreaterThan(5 * streams);
  expect(figures['still-running']).toBe(streams);
  expect(figures).toMatchObject({ completed: 0, failed: 0, 'ended-early': 0 });
});
