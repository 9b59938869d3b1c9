/**
 * The pause that an inspection reports, compared with the one that the process itself notices: the
 * longest time for which a timer of one millisecond did not fire.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { watchedProcess } from './watched-process.ts';

/** A server with a million objects. It answers with its longest pause since the last request. */
const server = `
  globalThis.objects = Array.from({ length: 1e6 }, (_, n) => ({ n }));
  let [last, longest] = [performance.now(), 0];
  setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  const answer = (req, res) => { res.end(String(longest)); longest = 0; };
  const listening = require('node:http').createServer(answer);
  listening.listen(0, '127.0.0.1', () => console.log(listening.address().port));`;
const started: ChildProcess[] = [];
afterAll(() => started.map((child) => child.kill('SIGKILL')));

test('the pause is the one that the process notices', async () => {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', server], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const longestMs = async () =>
    Number(await (await fetch(`http://127.0.0.1:${String(port).trim()}/`)).text());
  const watched = watchedProcess(child.pid!);
  const ratios: number[] = [];
  for (let inspection = 0; inspection < 7; inspection++) {
    await longestMs();
    const { pauseMs } = await watched.inspect(new AbortController().signal);
    ratios.push(pauseMs / (await longestMs()));
  }
  await watched.end();
  const median = ratios.toSorted((a, b) => a - b)[3]!;
  expect(median).toBeGreaterThan(0.9);
  expect(median).toBeLessThan(1.15);
});
