/** Leak checks over HTTP/2: of a clean server, and of one that leaks a timer per stream. */
import { expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { checkFile, foundOf, overHttp2 } from '../../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../../tests/fixtures/helpers/round.ts';

const modes = ['close', 'reset', 'early', 'post', 'kill', 'half-close'];

test('node-http2 is clean, and modes that need full buffers are skipped', async () => {
  const { file } = catalog['node-http2']!;
  const patient = { ...overHttp2, deadlineMs: 5_000, patienceMs: 10_000 };
  const result = await checkFile(file, [...modes, 'blocked'], patient);
  expect(foundOf(result.modes)).toEqual({
    ...Object.fromEntries(modes.map((mode) => [mode, 'clean'])),
    blocked: expect.stringMatching(/^skipped: over HTTP\/2, the window of a stream stops/),
  });
});

test('a timer that outlives its stream is found with its line', async () => {
  const result = await checkFile(fixture('keeps-timers-http2'), ['close', 'reset'], overHttp2);
  const leak = 'timer 1.00 bench/tests/fixtures/servers/keeps-timers-http2.ts:7';
  expect(foundOf(result.modes)).toEqual({ close: leak, reset: leak });
});
