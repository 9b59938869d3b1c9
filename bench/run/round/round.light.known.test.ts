/** Whole rounds with known figures. */
import { fromOutside } from '../../scenario/scenario.ts';
import { describe, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import {
  figuresOf,
  fixture,
  interruptedIn,
  measured,
  measureOnce,
  measureReference as round,
} from '../../tests/fixtures/helpers/round.ts';
import {
  figured,
  nothingLeftRunning,
  watchChildren,
} from '../../tests/fixtures/helpers/watch-children.ts';
import { metrics } from '../../metrics/metrics.ts';
import { roundSchema } from '../../result/run-result.ts';
import { startServer } from '../../under-test/server.ts';

nothingLeftRunning(watchChildren());

/** Metrics of any load whose streams stay open, each with its own events. */
const usual = metrics.filter(
  ({ name, only, needs = [] }) =>
    only === undefined && !needs.includes('feed') && !name.startsWith('lifetime.'),
);

describe('a healthy server', () => {
  test('has all phases in order, and every metric', figured, async () => {
    const { result, phases } = await round(catalog['node-http']!.file);
    expect(phases).toEqual(['start', 'ramp', 'warm up', 'measure', 'disconnect', 'settle', 'stop']);
    expect(roundSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(
      JSON.parse(JSON.stringify(result)),
    );

    const figures = figuresOf(result);
    const names = usual.map(({ name }) => name);
    expect(names.filter((name) => figures[name] === undefined)).toEqual([]);
    expect(figures).toMatchObject({
      opened: 40,
      failed: 0,
      dropped: 0,
      ended: 0,
      missing: 0,
      duplicate: 0,
      'out-of-order': 0,
      'held-timers': 0,
      'held-sockets': 0,
    });
    expect(figures.achieved).toBeGreaterThan(90);
    expect(figures.achieved).toBeLessThan(101);
    expect(figures['gap.p50']).toBeGreaterThan(49);
    expect(figures['gap.p50']).toBeLessThan(55);
    expect(figures['ttfe-uncorrected.p50']).toBeGreaterThan(50);
    expect(figures['delivery.p50']).toBeLessThan(20);
    expect(figures['release.max']).toBeLessThan(300);
    expect(figures['quiet-release.max']).toBeLessThan(300);
    expect(figures.memory).toBeGreaterThan(1);
    expect(figures.memory).toBeLessThan(60);
    expect(figures.cpu).toBeGreaterThan(5);
  });

  test.each([50, null])(
    'as a URL with an interval of %s, has every metric that a URL can have',
    figured,
    async (intervalMs) => {
      const server = await startServer(catalog['node-http']!.file, undefined);
      const { result } = await measureOnce(
        fromOutside('it', `${server.origin}/event?interval=50&stamp`, intervalMs),
        { scenario: { quietStreams: 0 } },
      );
      await server.stop();
      const figures = figuresOf(result);
      const isPossible = ({ needs = [] }: (typeof metrics)[number]) =>
        !needs.includes('process') && (intervalMs !== null || !needs.includes('interval'));
      expect(
        metrics.filter(({ name }) => figures[name] !== undefined).map(({ name }) => name),
      ).toEqual(usual.filter(isPossible).map(({ name }) => name));
    },
  );

  test('gives the same metrics with several generators and addresses', figured, async () => {
    const { result } = await round(catalog.floor!.file, {
      generators: 3,
      limits: { descriptors: 20_000, ports: 30, memoryBytes: 24e9 },
    });
    expect(measured(result).generators).toHaveLength(3);
    expect(figuresOf(result)).toMatchObject({
      opened: 40,
      failed: 0,
      missing: 0,
      'held-sockets': 0,
    });
    expect(figuresOf(result).achieved).toBeGreaterThan(90);
  });
});

test.each(['', 'yes'])(
  '0.5 ms of computing per event adds as much CPU time (in a thread: %s)',
  figured,
  async (inAThread) => {
    const cpu = async (file: string) => figuresOf((await round(file)).result).cpu!;
    vi.stubEnv('IN_A_THREAD', inAThread);
    const [without, withIt] = [
      await cpu(catalog['node-http']!.file),
      await cpu(fixture('burns-cpu')),
    ];
    vi.unstubAllEnvs();
    expect(withIt - without).toBeGreaterThan(400);
    expect(withIt - without).toBeLessThan(650);
  },
);

test('64 KB kept for each stream add as much memory', figured, async () => {
  const memory = async (file: string) => figuresOf((await round(file)).result).memory!;
  const [without, withIt] = [
    await memory(catalog['node-http']!.file),
    await memory(fixture('keeps-memory')),
  ];
  expect(withIt - without).toBeGreaterThan(60);
  expect(withIt - without).toBeLessThan(68);
});

test(
  'counts streams without an answer and streams that fall silent as failed',
  figured,
  async () => {
    const { result } = await round(fixture('falls-silent'), { scenario: { durationMs: 2_000 } });
    expect(measured(result).failures).toMatchObject({
      'no answer': { count: 10 },
      stalled: { count: 10 },
    });
    expect(figuresOf(result)).toMatchObject({ opened: 30, failed: 20, missing: 0 });
  },
);

test('an interruption of the measurement keeps the figures so far', figured, async () => {
  const { result } = await interruptedIn('measure', 600);
  expect(measured(result).durationMs).toBeGreaterThan(500);
  expect(measured(result).durationMs).toBeLessThan(900);
  expect(figuresOf(result).achieved).toBeGreaterThan(85);
  expect(figuresOf(result).achieved).toBeLessThan(105);
  expect(figuresOf(result)).toMatchObject({ opened: 40, failed: 0, 'held-timers': 0 });
});
