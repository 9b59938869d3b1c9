import { describe, expect, test } from 'vitest';
import type { Leak } from '../../result/leak-result.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { createReport } from './watch.ts';

const [close, reset] = disconnectModes as [
  (typeof disconnectModes)[number],
  (typeof disconnectModes)[number],
];
const place = (line: number) => ({ file: 'src/events.ts', line, column: 3 });
const leak = (more: Partial<Leak>): Leak => ({
  kind: 'timer',
  what: 'setInterval 50 ms',
  place: place(14),
  traced: true,
  count: 150,
  perDisconnect: 1,
  disconnects: 150,
  afterMs: 5_000,
  releasedAfterMs: null,
  ...more,
});
const timer = leak({});
const listener = leak({ kind: 'listener', what: "listener of 'news'", place: place(20) });
const errors = leak({ kind: 'listener', what: "listener of 'error'", place: place(20) });
const response = leak({ kind: 'response', what: 'dead response', place: undefined });
const socket = leak({ kind: 'socket', what: 'open socket', place: undefined });

/** The findings shown while modes end, one after another. */
function shown(...modes: [mode: typeof close, leaks: readonly Leak[]][]) {
  const lines: string[] = [];
  const report = createReport([close, reset], {
    found: ({ what }, { name }, leaks) => void lines.push(`${name}: ${what} of ${leaks.length}`),
  });
  for (const [mode, leaks] of modes) report.of(mode).found(leaks);
  return lines;
}

describe('a running check shows', () => {
  test('a cause without its consequences', () => {
    expect(shown([close, [errors, response, socket, listener]])).toEqual([
      "close: listener of 'news' of 4",
    ]);
  });
  test('a thing of a known cause only once', () => {
    expect(shown([close, [timer]], [reset, [timer, socket]])).toEqual([
      'close: setInterval 50 ms of 1',
    ]);
  });
  test('each of several causes', () => {
    expect(shown([close, [timer, listener]], [reset, [timer, listener]])).toEqual([
      'close: setInterval 50 ms of 2',
      "close: listener of 'news' of 2",
    ]);
  });
  test('a consequence of one mode that has no cause in another one', () => {
    expect(shown([close, [timer, socket]], [reset, [socket]])).toEqual([
      'close: setInterval 50 ms of 2',
      'reset: open socket of 1',
    ]);
  });
});
