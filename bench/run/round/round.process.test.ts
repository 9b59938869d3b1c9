/**
 * Whole rounds with real servers and generators: the results of successful and of failed rounds.
 */
import { fromOutside } from '../../scenario/scenario.ts';
import { describe, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import {
  fixture,
  measured,
  interruptedIn,
  measureOnce,
  measureReference as round,
} from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import { startServer } from '../../under-test/server.ts';
import type { Phase } from './context.ts';

const hangMs = 120_000;

const ourChildren = watchChildren();
nothingLeftRunning(ourChildren);

/** Sends a signal to the first of our processes whose command contains the word. */
const signalTo = (word: string, signal: NodeJS.Signals) =>
  process.kill(ourChildren().find(({ command }) => command.includes(word))!.pid, signal);

/**
 * Phases that last until a process dies. However slowly that is noticed, it is in the phase of its
 * death.
 */
const endless = { warmUpMs: 600_000, durationMs: 600_000 };

/** A busy machine needs longer until all streams have their response. */
const patient = { warmUpMs: 3_000 };

describe('a failure is a result', () => {
  test('a server that does not start', async () => {
    const { result } = await round(fixture('dies-at-start'));
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'start',
      message: 'the server did not start: exit code 3',
      exitCode: 3,
      signal: null,
      stderr: ['no database at db.example'],
      counts: null,
    });
  });

  test('a missing server file', async () => {
    const { result } = await round(fixture('nothing'));
    expect(result).toMatchObject({ state: 'failed', phase: 'start', exitCode: 1 });
    expect(result.state === 'failed' && result.stderr.join('\n')).toContain('Cannot find module');
  });

  test('a server that dies during the measurement: the counts so far are kept', async () => {
    const { result } = await round(fixture('dies-on-signal'), {
      scenario: { durationMs: endless.durationMs },
      onPhase: async (phase, load) => {
        if (phase !== 'measure') return;
        await vi.waitUntil(() => load!.progress().open === 48, hangMs);
        await vi.waitUntil(() => load!.progress().eventsPerSecond > 0, hangMs);
        signalTo('dies-on-signal', 'SIGHUP');
      },
    });
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'measure',
      message: 'the server ended unexpectedly: exit code 7',
      exitCode: 7,
      stderr: ['out of luck'],
    });
    if (result.state !== 'failed') return;
    expect(result.counts!.opened).toBe(40);
    expect(result.counts!.eventsInAll).toBeGreaterThan(0);
  });

  test('a server that refuses every stream', async () => {
    const { result } = await round(fixture('refuses'), { scenario: patient });
    expect(result).toMatchObject({
      state: 'failed',
      message:
        'no stream opened: 40 × status 503 (503 Service Unavailable), 8 × status 503 (quiet stream) (503 Service Unavailable)',
    });
  });

  test('a server that is killed', async () => {
    const { result } = await round(catalog.express!.file, {
      scenario: { durationMs: endless.durationMs },
      onPhase: (phase) => phase === 'measure' && signalTo('express', 'SIGKILL'),
    });
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'measure',
      message: 'the server ended unexpectedly: killed by SIGKILL',
      signal: 'SIGKILL',
    });
  });

  test('a generator that is killed', async () => {
    const { result } = await round(catalog.express!.file, {
      scenario: endless,
      onPhase: (phase) => phase === 'warm up' && signalTo('generator', 'SIGKILL'),
    });
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'warm up',
      message: expect.stringMatching(/^a generator ended unexpectedly: SIGKILL/),
    });
  });

  test('one of two generators killed: the counts of the other are kept', async () => {
    const { result } = await round(catalog.express!.file, {
      generators: 2,
      scenario: { durationMs: endless.durationMs },
      onPhase: async (phase, load) => {
        if (phase !== 'measure') return;
        await vi.waitUntil(() => load!.progress().open === 48, hangMs);
        signalTo('generator', 'SIGKILL');
      },
    });
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'measure',
      message: expect.stringMatching(
        /^generator [12] of 2 ended unexpectedly: SIGKILL; the figures of its 24 open streams are lost$/,
      ),
    });
    expect(result.counts!.started).toBeGreaterThan(10);
    expect(result.counts!.started).toBeLessThan(30);
  });

  test.each<Phase>(['start', 'ramp', 'warm up'])('an interruption in phase %s', async (when) => {
    const { result } = await interruptedIn(when);
    expect(result).toMatchObject({
      state: 'failed',
      phase: when,
      message: 'interrupted',
      failures: {},
    });
  });

  test('a server that never answers, until the user interrupts', async () => {
    const { result } = await interruptedIn('start', 500, fixture('never-answers'));
    expect(result).toMatchObject({ state: 'failed', phase: 'start', message: 'interrupted' });
  });

  test('a server that ends every stream early', async () => {
    const server = await startServer(catalog.floor!.file, undefined);
    const url = `${server.origin}/event?interval=50&limit=4`;
    const { result } = await measureOnce(fromOutside('it', url, 50), { scenario: patient });
    await server.stop();
    expect(result).toMatchObject({ state: 'failed', phase: 'measure' });
    expect(result.state === 'failed' && result.message).toMatch(
      /^all 40 streams were ended by the server after \d+ms \(median\); if each is one answer, use --answers\. If they end by design,/,
    );
  });

  test('a server that dies at its first request: its exit code', async () => {
    const { result } = await round(fixture('dies-at-first'));
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'start',
      message: 'the server ended unexpectedly: exit code 9',
      exitCode: 9,
    });
  });
});

test.each<Phase>(['disconnect', 'settle'])(
  'an interruption in phase %s is too late to change the result',
  async (when) => {
    const { result } = await interruptedIn(when);
    expect(measured(result).durationMs).toBe(1_000);
  },
);
