/**
 * Whoever ends whatever, whenever: in every phase of a run, the command itself, a generator or the server is killed, or
 * somebody types Ctrl-C once or twice. Nothing of ours survives, and what was measured is on disk.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'vitest';
import { atTerminal } from './fixtures/at-terminal.ts';
import { childrenOf, isAlive } from './fixtures/processes.ts';
import { runResultSchema, type RunResult } from './result.ts';
import type { Phase } from './round/context.ts';

const phases: Phase[] = ['start', 'ramp', 'warm up', 'measure', 'disconnect', 'settle', 'stop'];
const small = '--streams 20 --interval 50ms --ramp 400ms --warmup 400ms --duration 600ms --rounds 1 --out mine'.split(' ');

/** Starts a run of three servers, and lets it come to this phase of the second. */
async function reached(phase: Phase, { expect, onTestFinished }: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const command = atTerminal(folder, ['run', 'floor', 'node-http', 'express', ...small]);
  await command.shows(/ round 1 of 1: start /);
  const pid = command.pid();
  await command.shows(/ round 1 of 1: stop /);
  await command.shows(new RegExp(` round 1 of 1: ${phase === 'stop' ? 'start' : phase} `));
  if (phase === 'stop') await command.shows(/ round 1 of 1: stop /);
  const started = new Map(childrenOf(pid).map((child) => [child.pid, child]));
  return { expect, folder, command, pid, started };
}

type Reached = Awaited<ReturnType<typeof reached>>;

const savedIn = (folder: string): RunResult => runResultSchema.parse(JSON.parse(readFileSync(join(folder, 'mine', 'result.json'), 'utf8')));

/** Waits for the end; then nothing that it had started is alive. */
async function endOf({ expect, command, pid, started }: Reached): Promise<number> {
  const look = setInterval(() => childrenOf(pid).forEach((child) => started.set(child.pid, child)), 20);
  const code = await command.ended;
  clearInterval(look);
  await expect.poll(() => [...started.values()].filter((child) => isAlive(child.pid)), { timeout: 3_000 }).toEqual([]);
  return code;
}

/** Kills the child whose command line matches, as soon as there is one. */
async function killChild({ expect, pid }: Reached, command: RegExp) {
  const victim = () => childrenOf(pid).find((child) => command.test(child.command));
  await expect.poll(victim, { timeout: 2_000, interval: 5 }).toBeDefined();
  process.kill(victim()!.pid, 'SIGKILL');
}

describe.concurrent.each(phases)('in phase “%s”', { timeout: 60_000 }, (phase) => {
  test('kill -9 of the command', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    process.kill(run.pid, 'SIGKILL');
    expect(await endOf(run)).toBe(137);
    const { status, rounds } = savedIn(run.folder);
    expect([status, rounds.map(({ state }) => state)]).toEqual(['partial', ['measured']]);
    expect(readFileSync(join(run.folder, 'mine', 'report.md'), 'utf8')).toContain('This result is partial: 1 of 3 rounds');
  });

  test.for([
    ['a generator', /generator\.ts/, /^a generator ended: SIGKILL$/],
    ['the server', /servers\/|setpriv.*--inspect/, /killed by SIGKILL$/],
  ] as const)('kill -9 of %s: the others are measured', async ([, victim, message], context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    if (phase !== 'stop') await killChild(run, victim); // then it is being ended anyway
    const code = await endOf(run);
    const { status, rounds } = savedIn(run.folder);
    expect(status).toBe('complete');
    expect(rounds).toHaveLength(3);
    const [, spoilt] = rounds;
    expect([rounds[0]!.state, rounds[2]!.state]).toEqual(['measured', 'measured']);
    // Where the generator had delivered already, its round is whole.
    if (spoilt!.state === 'failed') expect(spoilt!.message).toMatch(message);
    expect(code === 1).toBe(spoilt!.state === 'failed');
    if (['ramp', 'warm up', 'measure'].includes(phase)) expect(spoilt!.state).toBe('failed');
  });

  test('Ctrl-C once: an orderly end', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    run.command.interrupt();
    expect(await endOf(run)).toBe(130);
    const { status, rounds } = savedIn(run.folder);
    expect([status, rounds.length]).toEqual(['partial', 2]);
    expect(run.command.screen()).toContain('This result is partial: 2 of 3 rounds');
  });

  test('Ctrl-C twice: an end at once', async (context) => {
    const { expect } = context;
    const run = await reached(phase, context);
    run.command.interrupt();
    run.command.interrupt();
    expect(await endOf(run)).toBe(130);
    const { status, rounds } = savedIn(run.folder);
    expect(status).toBe('partial');
    expect(rounds[0]!.state).toBe('measured');
  });
});
