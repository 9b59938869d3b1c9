/**
 * In every phase of a run, the test kills the command, a generator or the server, or presses Ctrl-C
 * once or twice. No process of the run may survive, and the measured figures must be on disk.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test, type TestContext } from 'vitest';
import { atTerminal } from '../fixtures/helpers/at-terminal.ts';
import { childrenOf, isAlive, processesWith } from '../../system/processes.ts';
import { runResultSchema, type RunResult } from '../../result/run-result.ts';
import type { Phase } from '../../run/round/context.ts';

const phases: Phase[] = ['start', 'ramp', 'warm up', 'measure', 'disconnect', 'settle', 'stop'];
const small =
  '--streams 20 --interval 50ms --ramp 400ms --warmup 400ms --duration 600ms --out mine'.split(' ');

/** Starts a run with these words, and waits until its first round has begun. */
async function start(words: readonly string[], { expect, onTestFinished }: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const marker = randomUUID();
  const command = atTerminal(folder, ['run', ...words, ...small], { SSEBENCH_TEST: marker });
  await command.shows(/ round 1 of \d: start /);
  const pid = command.pid();
  const ours = () => processesWith(`SSEBENCH_TEST=${marker}`);
  expect(ours().map((one) => one.pid)).toContain(pid);
  return { expect, folder, command, pid, ours };
}

/** Starts a run of three servers, and waits for this phase of the second server. */
async function reached(phase: Phase, context: TestContext) {
  const run = await start('floor node-http express --rounds 1'.split(' '), context);
  await run.command.shows(/ round 1 of 1: stop /);
  await run.command.shows(/ round 1 of 1: start /);
  await run.command.shows(new RegExp(` round 1 of 1: ${phase} `));
  return run;
}

type Started = Awaited<ReturnType<typeof start>>;

const savedIn = (folder: string): RunResult =>
  runResultSchema.parse(JSON.parse(readFileSync(join(folder, 'mine', 'result.json'), 'utf8')));

/** Processes that survived a run. One is too many, even if the repeated test passes. */
const survivors: object[] = [];
afterAll(() => {
  if (survivors.length > 0) throw new Error(`left running: ${JSON.stringify(survivors)}`);
});

/** Waits for the end of the command, and checks that no process it ever started is alive. */
async function endOf({ expect, command, ours }: Started): Promise<number> {
  const code = await command.ended;
  await expect
    .poll(ours)
    .toEqual([])
    .catch(() => survivors.push(...ours()));
  return code;
}

/** A busy machine may have left the phase before the test acts. */
const repeated = { retry: 4, timeout: 120_000 };

/** In the last phase, ssebench itself kills these processes. */
const killable = phases.filter((phase) => phase !== 'stop');

describe.concurrent('kill -9 in each phase of a round', repeated, () => {
  test.for([
    [
      'a generator',
      /generator\.ts/,
      /^a generator ended unexpectedly: SIGKILL(; the figures of its \d+ open streams are lost)?$/,
    ],
    ['the server', /servers\/|setpriv.*--inspect/, /killed by SIGKILL$/],
  ] as const)('kill -9 of %s affects only its own round', async ([, victim, message], context) => {
    const { expect } = context;
    const all = killable.length + 2;
    const run = await start(['node-http', '--rounds', String(all)], context);
    for (const [place, phase] of killable.entries()) {
      const round = place + 2;
      await run.command.shows(new RegExp(` round ${round} of ${all}: start `));
      // Keep the first match: between its wrappers, a process has no command line for a moment.
      let child: number | undefined;
      const find = () =>
        (child ??= childrenOf(run.pid).find(({ command }) => victim.test(command))?.pid);
      await Promise.all([
        expect.poll(find, { interval: 5 }).toBeDefined(),
        run.command.shows(new RegExp(` round ${round} of ${all}: ${phase} `)),
      ]);
      if (isAlive(child!)) process.kill(child!, 'SIGKILL');
    }
    expect(await endOf(run)).toBe(1);
    const { status, rounds } = savedIn(run.folder);
    expect(status).toBe('complete');
    expect(rounds).toHaveLength(all);
    expect([rounds[0]!.state, rounds.at(-1)!.state]).toEqual(['measured', 'measured']);
    for (const [place, phase] of killable.entries()) {
      const spoilt = rounds[place + 1]!;
      // In this phase, a generator has already sent its result.
      if (phase === 'settle' && victim.test('generator.ts')) expect(spoilt.state).toBe('measured');
      if (['ramp', 'warm up', 'measure'].includes(phase)) expect(spoilt.state).toBe('failed');
      if (spoilt.state === 'measured') continue;
      expect(spoilt.message).toMatch(message);
      // The end is noticed at once or soon after, not only when the next request to the ended
      // process fails.
      expect([phase, phases[phases.indexOf(phase) + 1]]).toContain(spoilt.phase);
    }
  });
});

describe.concurrent.each(phases)('phase “%s”', repeated, (phase) => {
  test('kill -9 of the command keeps the rounds already measured', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    process.kill(run.pid, 'SIGKILL');
    expect(await endOf(run)).toBe(137);
    const { status, rounds } = savedIn(run.folder);
    expect([status, rounds.map(({ state }) => state)]).toEqual(['partial', ['measured']]);
    expect(readFileSync(join(run.folder, 'mine', 'report.md'), 'utf8')).toContain(
      'Partial result: 1 of 3 rounds',
    );
  });

  test('one Ctrl-C saves a partial result', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    run.command.interrupt();
    expect(await endOf(run)).toBe(130);
    const { status, rounds } = savedIn(run.folder);
    expect([status, rounds.length]).toEqual(['partial', 2]);
    const [, last] = rounds;
    if (last!.state === 'failed') expect(last!.message).toBe('interrupted');
    // During the measurement, the state depends on how much was measured.
    if (phase !== 'measure')
      expect(last!.state).toBe(
        ['disconnect', 'settle', 'stop'].includes(phase) ? 'measured' : 'failed',
      );
    expect(run.command.screen()).toContain('Partial result: 2 of 3 rounds');
  });

  test('two Ctrl-C end the run at once', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    run.command.interrupt();
    // The system merges two signals if the process has not received the first.
    await expect.poll(run.command.screen, { interval: 5 }).toContain('Stopping');
    run.command.interrupt();
    expect(await endOf(run)).toBe(130);
    // An orderly end merges, writes and prints the results, which takes about 2 s.
    expect(run.command.screen()).not.toContain('Partial result');
    const { status, rounds } = savedIn(run.folder);
    expect(status).toBe('partial');
    expect(rounds[0]!.state).toBe('measured');
  });
});
