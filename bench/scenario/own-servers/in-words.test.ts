import { expect, test } from 'vitest';
import { processInWords } from './in-words.ts';

test('a server is described without secrets', () => {
  const command = {
    kind: 'command',
    command: ['node', '--token', 'abc', 'server.js'],
    cwd: '../old',
    env: { TOKEN: 'abc', PORT: '3000' },
    readyWhen: 'listening with token=abc',
    readyWithinMs: 30_000,
  } as const;
  expect(processInWords(command)).toBe(
    'started for each round with: node … server.js; in ../old; with TOKEN, PORT; ready within 30s, when it prints “listening with token=hidden”',
  );
  expect(processInWords({ ...command, cwd: null, env: {}, readyWhen: null })).toBe(
    'started for each round with: node … server.js; ready within 30s, when it listens',
  );
  expect(processInWords({ kind: 'pid', pid: 7 })).toBe(
    'process 7, which ssebench does not restart',
  );
  expect(processInWords(null)).toBe('already runs; measured from outside only');
});
