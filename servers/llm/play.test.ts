import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { endAllAnswers, play, type Clock, type Output } from './play.ts';
import { readScript } from './script.ts';
import { stepsOf, type Step } from './steps.ts';

/** A clock whose timers fire late, or early if the number is negative. */
function simulatedClock(lateMs: number) {
  let nowMs = 1_000;
  let pending: { atMs: number; call: () => void } | undefined;
  const clock: Clock = {
    nowMs: () => nowMs,
    after(waitMs, call) {
      pending = { atMs: nowMs + Math.max(0.1, waitMs + lateMs), call };
      return () => (pending = undefined);
    },
  };
  /** Runs the timer that is set. @returns whether there was one */
  function runTimer(): boolean {
    const timer = pending;
    if (timer === undefined) return false;
    pending = undefined;
    nowMs = timer.atMs;
    timer.call();
    return true;
  }
  return { clock, runTimer, isWaiting: () => pending !== undefined };
}

/** A response that notes when it is written to. */
function recordingResponse(clock: Clock, takes = Infinity) {
  const writes: { text: string; atMs: number }[] = [];
  const res = Object.assign(new EventEmitter(), {
    destroyed: false,
    isEnded: false,
    write: (text: string) => writes.push({ text, atMs: clock.nowMs() - 1_000 }) < takes,
    end() {
      res.isEnded = true;
    },
  });
  return { res, output: res as unknown as Output, writes };
}

const textOf = (step: Step) => (step.kind === 'chunk' ? step.text : '');
const stepsFor = (query: string) => stepsOf(readScript(new URLSearchParams(query), []).script!);

test('late timers do not delay what follows', () => {
  const { clock, runTimer } = simulatedClock(7);
  const { res, output, writes } = recordingResponse(clock);
  play(output, stepsFor('first=100&every=20&tokens=30'), textOf, 1_000, clock);
  while (runTimer());
  expect(writes.map(({ text }) => text)).toEqual(Array.from({ length: 30 }, (_, n) => `${n} `));
  expect(writes.map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: 30 }, (_, n) => 100 + n * 20 + 7),
  );
  expect(res.isEnded).toBe(true);
});

test('chunks that are overdue are sent at once', () => {
  const { clock, runTimer } = simulatedClock(50);
  const { output, writes } = recordingResponse(clock);
  play(output, stepsFor('first=100&every=20&tokens=5'), textOf, 1_000, clock);
  while (runTimer());
  expect(writes.map(({ atMs }) => atMs)).toEqual([150, 150, 150, 210, 210]);
});

test('a timer that fires early is set again', () => {
  const { clock, runTimer } = simulatedClock(-0.9);
  const { output, writes } = recordingResponse(clock);
  play(output, stepsFor('first=100&every=20&tokens=3'), textOf, 1_000, clock);
  while (runTimer());
  for (const [n, { atMs }] of writes.entries()) {
    expect(atMs).toBeGreaterThanOrEqual(100 + n * 20);
    expect(atMs).toBeLessThan(101 + n * 20);
  }
});

test('a full socket stops the answer until it drains', () => {
  const { clock, isWaiting } = simulatedClock(0);
  const { res, output, writes } = recordingResponse(clock, 2);
  play(output, stepsFor('first=0&every=0&tokens=9'), textOf, 1_000, clock);
  expect(writes).toHaveLength(2);
  expect(isWaiting()).toBe(false);
  res.emit('drain');
  expect(writes).toHaveLength(3);
  // Nothing is sent to a client that has disconnected.
  res.emit('close');
  res.emit('drain');
  expect(writes).toHaveLength(3);
});

test('the timer ends with the client', () => {
  const { clock, isWaiting } = simulatedClock(0);
  const { res, output } = recordingResponse(clock);
  play(output, stepsFor('first=100'), textOf, 1_000, clock);
  expect(isWaiting()).toBe(true);
  res.emit('close');
  expect(isWaiting()).toBe(false);
});

test('a response that has closed already gets no timer', () => {
  const { clock, isWaiting } = simulatedClock(0);
  const { res, output } = recordingResponse(clock);
  res.destroyed = true;
  play(output, stepsFor('first=100'), textOf, 1_000, clock);
  expect(isWaiting()).toBe(false);
});

test('all answers can be ended', () => {
  const { clock, isWaiting } = simulatedClock(0);
  const { res, output } = recordingResponse(clock);
  play(output, stepsFor('first=100'), textOf, 1_000, clock);
  endAllAnswers();
  expect(isWaiting()).toBe(false);
  expect(res.isEnded).toBe(true);
});
