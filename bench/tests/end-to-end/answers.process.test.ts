/** Answers on the command line: from the rows of a file to the saved result. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { runResultSchema } from '../../result/run-result.ts';
import type { RunningServer } from '../../under-test/server.ts';
import { runCommand } from '../fixtures/helpers/command-process.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { startMockServer } from '../fixtures/helpers/mock-server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startMockServer();
});
afterAll(() => server.stop());

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const short = '--ramp 100ms --warmup 100ms --duration 1s --rounds 1 --out out'.split(' ');
const key = 'sk-answers-0123456789';

/** The measured round of a run, whose figures a busy machine may spoil. */
async function answered(...words: string[]) {
  const ended = await runCommand({ words: ['run', ...short, ...words], folder });
  const text = readFileSync(join(folder, 'out', 'result.json'), 'utf8');
  const result = runResultSchema.parse(JSON.parse(text));
  const report = readFileSync(join(folder, 'out', 'report.md'), 'utf8');
  return { ...ended, result, round: result.rounds[0]!, all: text + report };
}

test('an API, prompts from a file, an open model and limits, without the key in any file', async () => {
  writeFileSync(join(folder, 'prompts.csv'), 'model,prompt\nmine,one\nmine,two\n');
  const { result, round, stderr, all } = await answered(
    `${server.origin}/v1/chat/completions?first=50&every=5&tokens=10&key=${key}`,
    ...`--answers --api openai-chat --rows prompts.csv --arrivals 20 --streams 50`.split(' '),
    '--header',
    `Authorization: Bearer ${key}`,
    '--expect-stream',
    'first-token < 60s',
    '--expect-stream',
    'gap < 60s',
  );
  expect(stderr).toContain('20 answers a second at random (open model), at most 50 at a time');
  expect(result.scenario.load).toMatchObject({ kind: 'answers', arrivals: { most: 50 } });
  expect(round.state).toBe('measured');
  const { outcome, counts } = round as Extract<typeof round, { state: 'measured' }>;
  if (outcome?.kind !== 'answers') throw new Error('no answers');
  const { planned, dropped, completed, endedEarly, capped, timedOut, failed } = outcome;
  expect(completed + endedEarly + capped + timedOut + failed).toBe(counts.started);
  expect(counts.started + dropped).toBe(planned);
  expect({ endedEarly, failed }).toEqual({ endedEarly: 0, failed: 0 });
  expect(outcome.withUsage).toBe(completed);
  expect(outcome.endedGood).toBe(outcome.endedCompleted);
  expect(all).not.toContain(key);
});

test('an abort: answers are left at random moments, and the work after that is judged', async () => {
  const port = String(await freePort());
  const program = fileURLToPath(new URL('../../../servers/clean/stops-work.ts', import.meta.url));
  const { result } = await answered(
    ...`--scenario abort --streams 5 --name agent --url http://127.0.0.1:${port}/`.split(' '),
    '--',
    process.execPath,
    program,
    '--port',
    port,
  );
  expect(result.scenario.load).toMatchObject({ kind: 'answers', abortWithinMs: 2_000 });
  const [verdict] = result.leaks;
  expect(verdict).toMatchObject({ server: 'agent' });
  expect(verdict!.state).not.toBe('leaking');
});

test('a reference server ends its answers after 20 events', async () => {
  const { round } = await answered('floor', '--answers', '--streams', '5', '--interval', '5ms');
  expect(round).toMatchObject({ state: 'measured', failures: {}, outcome: { endedEarly: 0 } });
  const { outcome, counts } = round as Extract<typeof round, { state: 'measured' }>;
  expect(outcome).toMatchObject({ kind: 'answers', timedOut: 0 });
  expect(counts).toMatchObject({ missing: 0, duplicate: 0, uncounted: 0 });
});
