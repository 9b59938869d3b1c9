/** Reference servers with several processes: what they hold together, and the end of one of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { runResultSchema } from '../../result/run-result.ts';
import { sampleProcess } from '../../system/process.ts';
import { runCommand } from '../../tests/fixtures/helpers/command-process.ts';
import { fixture, measured, measureReference } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import { startServer } from '../../under-test/server.ts';

const hangMs = 120_000;
const longMs = 600_000;
const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(() => void vi.unstubAllEnvs());

const ourChildren = watchChildren();
nothingLeftRunning(ourChildren);

/** The processes of this program that run now. */
const processesOf = (program: RegExp) =>
  ourChildren().filter(({ command }) => program.test(command) && !command.startsWith('sh '));

test('5,000 streams and a limit of 4,000 descriptors: two processes on each side', async () => {
  // On a busy machine, streams open long after the ramp.
  const words = `run floor --streams 5000 --quiet-streams 0 --interval 2s --ramp 2s
    --warmup 10s --duration 1s --rounds 1 --json --out ${join(folder, 'result')}`;
  const { stdout, stderr } = await runCommand(
    { words: words.split(/\s+/), folder },
    process.env,
    4_000,
  );
  const { scenario, rounds } = runResultSchema.parse(JSON.parse(stdout));
  expect(stderr).toContain(
    'Each reference server has 2 processes on one port; the load has 2 generators. One process may open 4000 file descriptors.',
  );
  expect(scenario.serverProcesses).toBe(2);
  const { counts, failures, openAtEnd, generators, process: used } = measured(rounds[0]!);
  expect(counts).toMatchObject({ started: 5_000, opened: 5_000, stopped: 5_000, missing: 0 });
  expect({ failures, openAtEnd }).toEqual({ failures: {}, openAtEnd: 5_000 });
  expect(generators).toHaveLength(2);
  expect(used!.held).toEqual({ timers: 0, sockets: 0 });
  expect(used!.descriptors!.limit).toBe(4_000);
  // The fuller process has at least half of the streams, and not all of them.
  expect(used!.descriptors!.open).toBeGreaterThan(2_500);
  expect(used!.descriptors!.open).toBeLessThan(4_000);
});

test('held timers are the sum over both processes', async () => {
  vi.stubEnv('KEEP', '7'); // each process keeps the timers of its first 7 streams
  const { result } = await measureReference(fixture('keeps-timers'), {
    scenario: { serverProcesses: 2, warmUpMs: 2_000, durationMs: 200 },
  });
  expect(measured(result).process!.held).toEqual({ timers: 14, sockets: 0 });
});

test('CPU time and memory are the sums over both processes', async () => {
  const server = await startServer(catalog['node-http']!.file, undefined, { processes: 2 });
  const sums = () => {
    const all = server.pids.map((pid) => sampleProcess(pid)!);
    const sumOf = (what: 'cpuNs' | 'rssBytes') => all.reduce((sum, used) => sum + used[what], 0);
    return { cpuNs: sumOf('cpuNs'), rssBytes: sumOf('rssBytes') };
  };
  // The processes have just started, so both may still grow.
  const [before, together, after] = [sums(), server.glance()!, sums()];
  await server.stop();
  expect([...together.waitsNs!.keys()]).toEqual(server.pids);
  for (const what of ['cpuNs', 'rssBytes'] as const) {
    expect(together[what] / before[what]).toBeGreaterThan(0.9);
    expect(together[what] / after[what]).toBeLessThan(1.1);
  }
});

test('one of two server processes killed: the result says how many streams it took', async () => {
  const { result } = await measureReference(catalog['node-http']!.file, {
    scenario: { serverProcesses: 2, quietStreams: 0, durationMs: longMs },
    async onPhase(phase, load) {
      if (phase !== 'measure') return;
      await vi.waitUntil(() => load!.progress().open === 40, hangMs);
      process.kill(processesOf(/node-http/)[1]!.pid, 'SIGKILL');
    },
  });
  expect(result).toMatchObject({ state: 'failed', phase: 'measure', signal: 'SIGKILL' });
  const { message, counts, failures } = result as Extract<typeof result, { state: 'failed' }>;
  const [, lost] =
    /^process [12] of 2 of the server ended unexpectedly: killed by SIGKILL; (\d+) streams were lost$/.exec(
      message,
    )!;
  expect(counts!.opened).toBe(40);
  expect(Number(lost)).toBe(Object.values(failures).reduce((sum, { count }) => sum + count, 0));
  expect(Number(lost)).toBeLessThan(40);
});
