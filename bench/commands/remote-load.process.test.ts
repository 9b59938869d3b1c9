/** The question before a load for another machine, as a user answers it. Nothing is ever sent. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exitCodes } from '../result/exit-codes.ts';
import { atTerminal, type AtTerminal } from '../tests/fixtures/helpers/at-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, (terminal: AtTerminal) => void, keyof typeof exitCodes]>([
  ['n', (terminal) => terminal.answer('n'), 'badInput'],
  ['Enter', (terminal) => terminal.answer(''), 'badInput'],
  ['Ctrl-C', (terminal) => terminal.interrupt(), 'interrupted'],
])('%s starts nothing', async (_what, answer, code) => {
  const terminal = atTerminal(folder, ['run', 'http://app.invalid/event']);
  await terminal.shows(
    /^This sends 100 streams from this machine to app\.invalid:80 for 16 s\. Continue\? \[y\/N\] $/,
  );
  answer(terminal);
  expect(await terminal.ended).toBe(exitCodes[code]);
  expect(terminal.screen()).toContain('Nothing was sent.');
  expect(readdirSync(folder)).toEqual([]);
});
