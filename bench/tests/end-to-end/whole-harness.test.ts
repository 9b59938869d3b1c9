/** The whole harness, from scenario to report, under simulated time: exact, and without waiting. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeWorld, untilSettled, type FakeWorld } from '../fixtures/helpers/fake-world.ts';
import { terminalOf } from '../fixtures/helpers/reports.ts';
import { runResult } from '../fixtures/helpers/result.ts';
import { steady } from '../fixtures/helpers/scenario.ts';
import type { Spread } from '../../metrics/summary.ts';
import { trendLines } from '../../report/shared/trends.ts';
import { runResultSchema, type RunResult } from '../../result/run-result.ts';
import type { Phase } from '../../run/round/context.ts';
import { measureRound } from '../../run/round/round.ts';
import { run, type RunPosition } from '../../run/run.ts';
import type { Scenario, ServerUnderTest } from '../../scenario/scenario.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { trendsOfRounds } from '../../verdict/trends.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const scenario: Scenario = {
  ...steady,
  streams: 1_000,
  quietStreams: 20,
  intervalMs: 100,
  rampMs: 500,
  rounds: 2,
};
const serversUnderTest = ['left', 'right'].map((name): ServerUnderTest => ({
  kind: 'reference',
  name,
  file: `${name}.ts`,
}));
const inWorld = (world: FakeWorld, signal = new AbortController().signal) => ({
  scenario,
  generators: 1,
  limits: { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 },
  placement: undefined,
  world,
  signal,
});
const usual = { headersAfterMs: 4, deliveryMs: 3, cpuShare: 0.1, releaseAfterMs: 12 };

test('growth of 100 KB a second is reported as 343 MB an hour', async () => {
  const world = fakeWorld({ ...usual, growsBytesPerMs: 100 });
  const long = {
    ...scenario,
    streams: 3,
    quietStreams: 0,
    intervalMs: 500,
    durationMs: 65_000,
    rounds: 1,
  };
  const round = await untilSettled(
    measureRound(serversUnderTest[0]!, 1, { ...inWorld(world), scenario: long, onPhase() {} }),
  );
  expect(trendLines(trendsOfRounds([round]))).toEqual([
    'left, round 1: memory grows by 343 MB per hour (343 to 343); mean delivery has no significant trend: 0 ms per hour (0 to 0).',
  ]);
});

describe('a run', () => {
  const positions: RunPosition[] = [];
  const saved: RunResult[] = [];
  let result: RunResult;
  // One run for all tests, because simulated runs are identical.
  beforeAll(async () => {
    vi.useFakeTimers();
    const head = runResult(['left', 'right'], [], { status: 'partial', scenario });
    result = await untilSettled(
      run(head, serversUnderTest, inWorld(fakeWorld(usual)), {
        onPosition: (position) => positions.push(position),
        onRound: (_round, soFar) => saved.push(soFar),
      }),
    );
  });

  test('its figures equal the simulated values', () => {
    expect(runResultSchema.parse(result)).toEqual(result);
    // As exact as a histogram with three significant digits.
    const exact = (value: number) => ({ median: near(value), min: near(value), max: near(value) });
    const near = (value: number) =>
      expect.toSatisfy(
        (figure: number) => Math.abs(figure - value) <= 0.001 * value,
        `${value}`,
      ) as number;
    for (const { figures, invalid } of findingsOf(result).summaries) {
      expect(invalid).toBe(false);
      for (const [name, value] of Object.entries({
        'headers-uncorrected.p50': 4,
        'ttfe-uncorrected.p50': 100,
        'gap.p50': 100,
        'gap.p90': 100,
        'lag.p50': 0,
        'lag.p90': 0,
        'delivery.p50': 3,
        'delivery.max': 3,
        'release.p50': 12,
        'release.max': 12,
        events: 10_000,
        achieved: 100,
        drift: 0,
        'events-per-read': 1,
        cpu: 10,
        memory: 1_024 / 1_020,
        opened: 1_000,
        failed: 0,
        dropped: 0,
        missing: 0,
        flawed: 0,
        conserved: 100,
        stolen: 2,
        'listen-overflows': 0,
        'generator-loop': 25,
        'generator-cpu': 0.5,
      }))
        expect([name, figures.get(name)]).toEqual([name, exact(value)]);
      // Simulated timers tick in whole milliseconds, so streams start up to 1 ms late.
      for (const [name, least] of [
        ['arrival-lag.p50', 0],
        ['headers.p50', 4],
        ['ttfe.p50', 100],
      ] as const) {
        const spread = figures.get(name) as Spread;
        expect(spread.min).toBeGreaterThan(least);
        expect(spread.max).toBeLessThan(least + 1);
      }
      expect(figures.get('headers.p99.9')).toBe('too few');
    }
  });

  test('its table is always the same', () => {
    const plain = { width: Infinity, style: (_format: unknown, text: string) => text };
    expect(terminalOf(result, plain)).toMatchInlineSnapshot(`
      "server   TTFE p99   delivery p99   release p99   CPU per event   memory per stream   timers held   failed   missing
                     ms             ms            ms              µs                  KB
      left          101           3.00          12.0              10                1.00             0        0         0
      right         101           3.00          12.0              10                1.00             0        0         0

      Median of 2 rounds (min–max).
      The load generator was up to 25 % busy."
    `);
  });

  test('each round measures both servers, and is saved at once', () => {
    expect(saved.map(({ status, rounds }) => [status, rounds.length])).toEqual([
      ['partial', 1],
      ['partial', 2],
      ['partial', 3],
      ['complete', 4],
    ]);
    const started = positions.filter(({ phase }) => phase === 'start');
    expect(started.map(({ round }) => round)).toEqual([1, 1, 2, 2]);
    for (const round of [1, 2])
      expect(
        started
          .filter((at) => at.round === round)
          .map(({ server }) => server)
          .toSorted(),
      ).toEqual(['left', 'right']);
    expect(
      started.map(({ roundsDone, roundsPlanned }) => `${roundsDone}/${roundsPlanned}`),
    ).toEqual(['0/4', '1/4', '2/4', '3/4']);
  });
});

describe('the order of a round', () => {
  const whole = [
    '# start',
    'fleet starts',
    'server starts',
    'machine is sampled at 0 ms',
    'fleet runs',
    '# ramp',
    '# warm up',
    '# measure',
    'server is sampled at 900 ms',
    'server is sampled at 1900 ms',
    'machine is sampled at 1900 ms',
    '# disconnect',
    'server is watched',
    'fleet disconnects',
    '# settle',
    'server releases',
    '# stop',
    'fleet ends',
    'server ends',
  ];
  const after = (steps: readonly string[], phase: Phase) =>
    steps.slice(0, steps.indexOf(`# ${phase}`) + 1);
  const stopping = ['# stop', 'fleet ends', 'server ends'];

  /** @param onPhase called in addition when a phase begins */
  async function orderIn(
    world: FakeWorld,
    onPhase: (phase: Phase) => void = () => {},
    signal?: AbortSignal,
  ) {
    const result = await untilSettled(
      measureRound(serversUnderTest[0]!, 1, {
        ...inWorld(world, signal),
        // 20 streams are enough: the order is the same as with 1,000.
        scenario: { ...scenario, streams: 20, quietStreams: 5 },
        onPhase(phase) {
          world.log.push(`# ${phase}`);
          onPhase(phase);
        },
      }),
    );
    return { order: world.log, result };
  }

  test('the phases and their steps are always in the same order', async () => {
    const { order, result } = await orderIn(fakeWorld(usual));
    expect(result.state).toBe('measured');
    expect(order).toEqual(whole);
  });

  test.each<[Phase, string[]]>([
    ['ramp', [...after(whole, 'ramp'), 'fleet disconnects', ...stopping]],
    ['warm up', [...after(whole, 'warm up'), 'fleet disconnects', ...stopping]],
    ['settle', whole],
  ])('an interruption in phase %s still ends the fleet and the server', async (when, expected) => {
    const controller = new AbortController();
    const { order, result } = await orderIn(
      fakeWorld(usual),
      (phase) => phase === when && controller.abort(),
      controller.signal,
    );
    expect(order).toEqual(expected);
    expect(result).toMatchObject(
      when === 'settle'
        ? { state: 'measured' }
        : { state: 'failed', phase: when, message: 'interrupted' },
    );
  });

  test('an interruption shortens the measurement, and all other steps follow', async () => {
    const controller = new AbortController();
    const { order, result } = await orderIn(
      fakeWorld(usual),
      (phase) => phase === 'measure' && setTimeout(() => controller.abort(), 400),
      controller.signal,
    );
    expect(order).toEqual(whole.map((step) => step.replace('1900 ms', '1300 ms')));
    expect(result).toMatchObject({ state: 'measured', durationMs: 400, counts: { events: 80 } });
  });

  test.each<[string, Partial<FakeWorld>, string[]]>([
    [
      'server',
      { startServer: () => Promise.reject(new Error('no server')) },
      ['# start', 'fleet starts', '# stop', 'fleet ends'],
    ],
    [
      'fleet',
      { startFleet: () => Promise.reject(new Error('no fleet')) },
      ['# start', 'server starts', '# stop', 'server ends'],
    ],
  ])('a %s that fails to start ends the other process', async (what, missing, expected) => {
    const { order, result } = await orderIn({ ...fakeWorld(usual), ...missing });
    expect(order).toEqual(expected);
    expect(result).toMatchObject({ state: 'failed', phase: 'start', message: `no ${what}` });
  });
});
