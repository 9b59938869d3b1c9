import { describe, expect, test } from 'vitest';
import { leakingVerdict } from '../tests/fixtures/helpers/leaks.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { createLeaksWatch } from './leaks-progress.ts';

const [mode] = disconnectModes as [(typeof disconnectModes)[number]];
const [leak] = leakingVerdict('express').modes[0]!.leaks;

function watched(interactive: boolean) {
  const lines: string[] = [];
  const terminal = {
    width: 80,
    interactive,
    style: (_format: unknown, text: string) => text,
    print: () => {},
    essential: () => {},
    note: (text: string) => void lines.push(text),
    progress: (text: string) => void lines.push(`> ${text}`),
  };
  const watch = createLeaksWatch('express', 5, terminal);
  watch.progress!({ mode, place: 0, rounds: 0, isWaiting: false, held: 0 });
  watch.progress!({ mode, place: 0, rounds: 1, isWaiting: false, held: 50 });
  watch.progress!({ mode, place: 0, rounds: 1, isWaiting: true, held: 50 });
  watch.found!(leak!, mode, [leak!]);
  return lines;
}
const found = expect.stringMatching(
  /^LEAK {2}express, graceful close: 1\.00 timers .* at src\/events\.ts:14, .*\. The check continues\.$/,
);

describe('a leak check shows', () => {
  test('one line on a terminal, and each finding', () => {
    expect(watched(true)).toEqual([
      '> express: graceful close (1 of 5)',
      '> express: graceful close (1 of 5), round 1 done, holds 50 objects more than before',
      '> express: graceful close (1 of 5), round 1 done, holds 50 objects more than before, waiting for the deadline',
      '> ',
      found,
    ]);
  });
  test('a line for each round elsewhere, and each finding', () => {
    expect(watched(false)).toEqual([
      'express: graceful close (1 of 5), round 1 done, holds 50 objects more than before',
      '> ',
      found,
    ]);
  });
});
