/** Answers of a simulated server, in simulated time: exact counts and times. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeDurations } from '../../measure/durations.ts';
import { streamExpectationsOf } from '../../scenario/answer-options.ts';
import { apiOf, formatOf } from '../../scenario/apis/apis.ts';
import type { AnswersOutcome } from '../../scenario/kinds/answers.ts';
import type { StreamRequest } from '../../stream/stream-request.ts';
import type { StreamObserver } from '../../stream/stream.ts';
import { loadTask } from '../../tests/fixtures/helpers/load-task.ts';
import type { AnswersTask, LoadTask } from '../task.ts';
import { startAnswers } from './answers.ts';

const ms = 1e6;
const format = formatOf(apiOf('openai-chat')!);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A step of an answer: its time in milliseconds from the request, and what arrives then. */
type Step = readonly [atMs: number, what: 'headers' | 'end' | 'lost' | { send: unknown[] }];

const delta = (fields: object) => ({ choices: [{ delta: fields }] });
const role = delta({ role: 'assistant', content: '' });
const text = delta({ content: 'a' });
const thought = delta({ reasoning_content: 'hm' });
const usage = (tokens: number) => ({ choices: [], usage: { completion_tokens: tokens } });
const done = '[DONE]';
const send = (atMs: number, ...events: unknown[]): Step => [atMs, { send: events }];

/** Ten tokens every 20 ms from 300 ms on, so the last at 480 ms. */
const tenTokens: readonly Step[] = [
  [10, 'headers'],
  send(10, role),
  ...Array.from({ length: 10 }, (_, n) => send(300 + 20 * n, text)),
  send(490, usage(10)),
  send(490, done),
  [491, 'end'],
];

const task: LoadTask & { answers: AnswersTask } = {
  ...loadTask,
  plan: { ...loadTask.plan, streams: 2, quietStreams: 0, rampMs: 100, totalMs: 6_100 },
  rampAtNs: 0,
  window: { warmUpAtNs: 100 * ms, measureAtNs: 1_000 * ms, disconnectAtNs: 6_000 * ms },
  intervalMs: null,
  firstNumber: 'any',
  answers: {
    arrivals: null,
    format,
    maxEvents: null,
    abortWithinMs: null,
    timeoutMs: 60_000,
    expect: [],
  },
};
const openModel = (perSecond: number, most = 100, timeoutMs = 60_000): Partial<typeof task> => ({
  plan: {
    ...task.plan,
    churn: { perSecond, spacing: 'constant', lifetimeMs: Infinity, lifetimes: 'fixed' },
  },
  answers: {
    ...task.answers,
    arrivals: { perSecond, spacing: 'constant', most },
    timeoutMs,
  },
});

/** @param stepsOf the steps of the request with this place in the order of requests */
async function measured(
  stepsOf: (request: number) => readonly Step[],
  changes: Partial<typeof task> = {},
) {
  const startMs = Date.now();
  const nowMs = () => Date.now() - startMs;
  const bodies: (string | null)[] = [];
  let open = 0;
  let mostOpen = 0;
  function openStream({ body }: StreamRequest, observer: StreamObserver) {
    const steps = stepsOf(bodies.push(body) - 1);
    if (steps.length === 0) observer.failed('refused', 'at once');
    mostOpen = Math.max(mostOpen, ++open);
    const timers = steps.map(([atMs, what]) =>
      setTimeout(() => {
        if (what === 'headers') return observer.headers();
        if (typeof what === 'object') {
          observer.body(100, true);
          for (const event of what.send)
            observer.event(typeof event === 'string' ? event : JSON.stringify(event));
          return undefined;
        }
        open--;
        return what === 'end' ? observer.ended() : observer.failed('reset', 'ECONNRESET');
      }, atMs),
    );
    return {
      pause() {},
      resume() {},
      isBehind: () => false,
      strayBytes: () => undefined,
      close(_method: unknown, left?: () => void) {
        open--;
        timers.forEach(clearTimeout);
        left?.();
      },
    };
  }
  const load = startAnswers(
    { ...task, ...changes },
    { clock: { nowNs: () => nowMs() * ms }, open: openStream },
  );
  await vi.advanceTimersByTimeAsync(6_010);
  const { recording, answers, closedNs } = await load.disconnect();
  const { outcome, histograms } = answers!;
  const { planned, completed, endedEarly, capped, timedOut, failed, dropped } = outcome;
  // Every answer is in exactly one count.
  expect(completed + endedEarly + capped + timedOut + failed).toBe(recording.counts.started);
  expect(recording.counts.started + dropped).toBe(planned);
  const durations = (name: keyof typeof histograms) => decodeDurations([histograms[name]]);
  return { ...recording, outcome, durations, bodies, mostOpen, closed: closedNs.paced.length };
}

const median = (found: { quantileMs(share: number): number | undefined }) => found.quantileMs(0.5);

describe('the closed model', () => {
  test('each answer is followed by the next, so a given number runs at a time', async () => {
    const { outcome, mostOpen, counts, closed, durations } = await measured(() => tenTokens);
    expect(mostOpen).toBe(2);
    expect(closed).toBe(2);
    // An answer takes 491 ms, so each client starts 10 or 11 in 5 s, and the last one does not end.
    const { completed, endedCompleted } = outcome;
    expect(outcome).toMatchObject({ capped: 2, stillRunning: 2, failed: 0, withUsage: completed });
    expect(completed).toBeGreaterThanOrEqual(18);
    expect(completed).toBeLessThanOrEqual(20);
    expect(endedCompleted).toBeGreaterThanOrEqual(20);
    expect(endedCompleted).toBeLessThanOrEqual(22);
    expect(outcome).toMatchObject({ ended: endedCompleted, endedTokens: 10 * endedCompleted });
    expect(counts.stopped).toBe(2);
    expect(median(durations('firstToken'))).toBeCloseTo(300, 0);
    expect(median(durations('firstAnswer'))).toBeCloseTo(300, 0);
    expect(median(durations('chunkGap'))).toBeCloseTo(20, 1);
    expect(median(durations('timePerToken'))).toBeCloseTo(20, 1);
    expect(durations('timePerChunk').count).toBe(0);
    expect(median(durations('answerTotal'))).toBeCloseTo(480, 0);
  });

  test('requests are numbered in the order of their start', async () => {
    const request = { ...task.request, method: 'POST', body: 'question {{i}}' };
    const { bodies } = await measured(() => tenTokens, { request });
    expect(bodies.slice(0, 4)).toEqual([0, 1, 2, 3].map((n) => `question ${n}`));
    const shared = await measured(() => tenTokens, { request, generator: 1, generators: 2 });
    expect(shared.bodies.slice(0, 3)).toEqual([1, 3, 5].map((n) => `question ${n}`));
  });

  test('after a failure, the next request starts 100 ms later', async () => {
    const { bodies, outcome, failures } = await measured(() => [[1, 'lost']]);
    expect(outcome.failed).toBe(outcome.planned);
    expect(bodies.length).toBeGreaterThan(100);
    expect(bodies.length).toBeLessThan(125);
    expect(failures).toEqual({ reset: { count: outcome.failed, example: 'ECONNRESET' } });
  });
});

test('a stream that fails at once is not running', async () => {
  const { outcome, closed } = await measured((request) => (request % 2 === 0 ? [] : tenTokens));
  const { completed, failed, stillRunning } = outcome;
  expect(completed).toBeGreaterThanOrEqual(14);
  expect(failed).toBeGreaterThanOrEqual(14);
  expect(stillRunning).toBeLessThanOrEqual(2);
  expect(closed).toBe(stillRunning);
});

describe('the open model', () => {
  test('requests arrive whether or not earlier answers have ended', async () => {
    const { outcome, mostOpen } = await measured(() => tenTokens, openModel(20));
    // Arrivals each 50 ms from 1 s to before 6 s.
    expect(outcome).toMatchObject({ planned: 100, dropped: 0, failed: 0 });
    // Those from 5,550 ms on.
    expect(outcome.stillRunning).toBe(9);
    expect(mostOpen).toBe(10);
  });

  test('times count from the intended start, also if the generator starts late', async () => {
    const late = { ...openModel(1), rampAtNs: -200 * ms };
    const window = { ...task.window, measureAtNs: -1_000 * ms };
    const { durations, histograms } = await measured(() => tenTokens, { ...late, window });
    // Only the first of the arrivals was due before the load began.
    expect(durations('firstToken').quantileMs(1)).toBeCloseTo(500, 0);
    expect(durations('firstAnswer').quantileMs(1)).toBeCloseTo(500, 0);
    expect(durations('answerTotal').quantileMs(1)).toBeCloseTo(680, 0);
    expect(median(durations('firstToken'))).toBeCloseTo(300, 0);
    expect(decodeDurations([histograms.timeToHeaders]).quantileMs(1)).toBeCloseTo(210, 0);
    expect(decodeDurations([histograms.arrivalLag]).quantileMs(1)).toBeCloseTo(200, 0);
  });

  test('a request over the limit is dropped', async () => {
    const never: Step[] = [[10, 'headers']];
    const { outcome, counts } = await measured(() => never, openModel(20, 30));
    // 20 have arrived before the measurement.
    expect(outcome).toMatchObject({ planned: 100, dropped: 90, stillRunning: 10 });
    expect(counts.started).toBe(10);
  });

  test('an answer without an end in time has timed out', async () => {
    const endless = [[10, 'headers'] as Step, send(20, text)];
    const { outcome, mostOpen } = await measured(() => endless, openModel(20, 100, 500));
    expect(outcome).toMatchObject({ planned: 100, timedOut: 90, stillRunning: 10 });
    expect(mostOpen).toBeLessThanOrEqual(11);
  });
});

/** The outcome and times of equal answers of one client that has time for several. */
const always = (...steps: Step[]) =>
  measured(() => [[10, 'headers'], ...steps], { plan: { ...task.plan, streams: 1, rampMs: 0 } });
const counted = ({ outcome }: { outcome: AnswersOutcome }) => {
  const { completed, endedEarly, capped, timedOut, failed, stillRunning } = outcome;
  return { completed, endedEarly, capped: capped - stillRunning, timedOut, failed };
};
const none = { completed: 0, endedEarly: 0, capped: 0, timedOut: 0, failed: 0 };

describe('the end of an answer', () => {
  test('a response that ends without the marker ended early', async () => {
    const found = await always(send(100, text), [500, 'end']);
    expect(counted(found)).toEqual({ ...none, endedEarly: 9 });
    expect(found.durations('answerTotal').count).toBe(0);
    expect(found.durations('firstToken').count).toBeGreaterThanOrEqual(10);
  });

  test('without a format, the end of the response is the end, and every event is content', async () => {
    const answers = { ...task.answers, format: null };
    const found = await measured(() => [send(100, 'a'), send(200, 'b'), [500, 'end']], { answers });
    expect(found.outcome).toMatchObject({ endedEarly: 0, completed: 18 });
    expect(median(found.durations('answerTotal'))).toBeCloseTo(200, 0);
    const empty = await measured(() => [[500, 'end']], { answers });
    expect(empty.outcome).toMatchObject({ completed: 0, endedEarly: 18 });
  });

  test('an error event that repeats a key is shown without the key', async () => {
    const error = { error: { message: 'no such key: plain-words-as-key' } };
    const headers = { 'x-api-key': 'plain-words-as-key' };
    const found = await measured(() => [[10, 'headers'], send(400, error)], {
      request: { ...task.request, headers },
    });
    expect(found.failures['error event']!.example).toBe('no such key: hidden');
  });

  test('an error event fails the answer, and its message is shown', async () => {
    const error = { error: { message: 'overloaded', type: 'server_error' } };
    const found = await always(send(100, text), send(400, error), [401, 'end']);
    expect(counted(found)).toEqual({ ...none, failed: 10 });
    expect(found.failures['error event']!.example).toContain('overloaded');
  });

  test('a lost connection fails the answer, unless its marker has arrived', async () => {
    expect(counted(await always(send(100, text), [500, 'lost']))).toMatchObject({
      completed: 0,
      endedEarly: 0,
    });
    const whole = await always(send(100, text), send(499, done), [500, 'lost']);
    expect(counted(whole)).toEqual({ ...none, completed: 10 });
  });

  test('a server that keeps the response open after the marker is left after 1 s', async () => {
    const found = await always(send(100, text), send(250, done));
    expect(counted(found)).toEqual({ ...none, completed: 4 });
  });

  test('ssebench disconnects after a given number of events', async () => {
    const answers = { ...task.answers, maxEvents: 3 };
    const changes = { answers, plan: { ...task.plan, streams: 1, rampMs: 0 } };
    const found = await measured(() => tenTokens, changes);
    // The role and two tokens, so 320 ms for each.
    expect(counted(found)).toEqual({ ...none, capped: found.outcome.planned - 1 });
    expect(found.durations('chunkGap').count).toBeGreaterThan(10);
  });
});

test('clients disconnect at random moments, if the answer has not ended before', async () => {
  const open = openModel(20);
  const answers = { ...open.answers!, abortWithinMs: 1_000 };
  const found = await measured(() => tenTokens, { ...open, answers });
  const { completed, capped, stillRunning, planned } = found.outcome;
  // An answer takes half of that time.
  expect(completed + capped).toBe(planned);
  expect((capped - stillRunning) / planned).toBeGreaterThan(0.35);
  expect((capped - stillRunning) / planned).toBeLessThan(0.6);
});

test('goodput counts the completed answers that meet all limits', async () => {
  const slow = tenTokens.map(([atMs, what]): Step => [atMs === 10 ? 10 : atMs + 200, what]);
  const expectOf = (...texts: string[]) => ({
    answers: { ...task.answers, expect: streamExpectationsOf({ expectStream: texts }) },
    plan: { ...task.plan, streams: 1, rampMs: 0 },
  });
  const stepsOf = (request: number) => (request % 2 === 0 ? tenTokens : slow);
  const { outcome } = await measured(stepsOf, expectOf('first-token < 400ms', 'gap <= 21ms'));
  const { ended, endedGood } = outcome;
  expect(ended).toBeGreaterThanOrEqual(8);
  expect(Math.abs(endedGood! - ended / 2)).toBeLessThanOrEqual(0.5);
  const strict = await measured(stepsOf, expectOf('first-token < 400ms', 'total < 100ms'));
  expect(strict.outcome.endedGood).toBe(0);
  expect((await measured(stepsOf)).outcome.endedGood).toBeNull();
});

describe('tokens', () => {
  test('reasoning counts as the first token, but not as the first answer', async () => {
    const found = await always(
      send(50, role),
      send(100, thought),
      send(300, text),
      send(490, usage(41), done),
      [491, 'end'],
    );
    expect(median(found.durations('firstToken'))).toBeCloseTo(100, 0);
    expect(median(found.durations('firstAnswer'))).toBeCloseTo(300, 0);
    expect(median(found.durations('timePerToken'))).toBeCloseTo(5, 1);
  });

  test('without usage, the time per chunk is a metric of its own', async () => {
    const found = await always(send(100, text), send(300, text, text), send(490, done), [
      491,
      'end',
    ]);
    expect(found.durations('timePerToken').count).toBe(0);
    expect(median(found.durations('timePerChunk'))).toBeCloseTo(100, 0);
    expect(found.durations('chunkGap').quantileMs(0.5)).toBeLessThan(0.01);
    expect(found.outcome.endedTokens).toBe(0);
  });

  test('an answer in one event has no time per token', async () => {
    const found = await always(send(400, text), send(490, usage(50), done), [491, 'end']);
    expect(found.durations('timePerToken').count).toBe(0);
    expect(found.outcome.withUsage).toBeGreaterThan(0);
  });
});

test('missing and duplicate numbers are found in each answer', async () => {
  const numbered = (n: number) => ({ type: 'x', sequence_number: n });
  const responses = formatOf(apiOf('openai-responses')!);
  const found = await measured(() => [send(100, ...[4, 5, 8, 8, 9].map(numbered)), [491, 'end']], {
    answers: { ...task.answers, format: responses },
  });
  const { missing, duplicate, flawedStreams, uncounted } = found.counts;
  const answers = flawedStreams;
  expect(answers).toBeGreaterThanOrEqual(18);
  expect({ missing, duplicate, flawedStreams, uncounted }).toEqual({
    missing: 2 * answers,
    duplicate: answers,
    flawedStreams: answers,
    uncounted: 0,
  });
});
