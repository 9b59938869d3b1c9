/** `npm run types` checks this file: a misspelt name does not compile. */
import { expect, test } from 'vitest';
import {
  check,
  compare,
  defineConfig,
  findLeaks,
  run,
  type Config,
  type RunOutcome,
  type RunResult,
} from '../index.ts';

const app = { url: 'http://127.0.0.1:3000/event' };
const port = 3000;

/** Only compiled, since a call would start a run. */
const compiled = {
  run: () => [
    run({
      servers: ['express', `http://127.0.0.1:${port}/event`, { name: 'new', ...app }],
      scenario: 'churn',
      duration: '2.5s',
      expect: ['delivery.p99 < 50ms', 'failed=0', 'delivery.p99.9 <= 1s'],
      headers: { authorization: 'Bearer abc' },
      failOn: 'worse',
      baseline: 'main',
      onProgress: ({ phase, leftMs }) => `${phase}: ${leftMs.toFixed()} ms`,
    }),
    // @ts-expect-error a misspelt scenario
    run({ scenario: 'chrun' }),
    // @ts-expect-error a misspelt option
    run({ steams: 5 }),
    // @ts-expect-error a misspelt reference server
    run({ servers: ['expres'] }),
    // @ts-expect-error a misspelt key of a server
    run({ servers: [{ name: 'new', ...app, comand: 'node server.js' }] }),
    // @ts-expect-error a misspelt metric
    run({ expect: ['delivry.p99 < 50ms'] }),
    // @ts-expect-error a misspelt quantile
    run({ expect: ['delivery.p98 < 50ms'] }),
    // @ts-expect-error a duration without its unit
    run({ duration: '10' }),
    // @ts-expect-error a misspelt verdict
    run({ failOn: 'wores' }),
    // @ts-expect-error a misspelt disconnect mode of a run
    run({ disconnect: 'rst' }),
  ],
  check: () => [
    check(app, { watch: '65s', failOn: 'warning', signal: AbortSignal.timeout(1) }),
    check(app.url),
    check(app, { watch: 65_000, readyWithin: '1.5m', junit: 'check.xml', markdown: 'check.md' }),
    // @ts-expect-error a duration without its unit
    check(app, { watch: '65' }),
    // @ts-expect-error a misspelt unit
    check(app, { readyWithin: '60sec' }),
    // @ts-expect-error a misspelt severity
    check(app, { failOn: 'warn' }),
    // @ts-expect-error a misspelt option
    check(app, { watched: '65s' }),
    // @ts-expect-error a misspelt key of a server
    check({ ...app, commmand: ['node', 'server.js'] }),
  ],
  findLeaks: () => [
    findLeaks(app, { modes: ['close', 'half-open'], inspection: 'outside' }),
    findLeaks(app, { modes: 'all' }),
    findLeaks(app, { name: 'mine', deadline: 2_000, within: '1m', readyWithin: '60s' }),
    findLeaks(app, { junit: 'leaks.xml', markdown: 'leaks.md' }),
    // @ts-expect-error a duration without its unit
    findLeaks(app, { deadline: '2' }),
    // @ts-expect-error a misspelt unit
    findLeaks(app, { patience: '3 sec' }),
    // @ts-expect-error a name of another type
    findLeaks(app, { name: 5 }),
    findLeaks('express'),
    findLeaks(`http://127.0.0.1:${port}/event`),
    // @ts-expect-error a misspelt reference server
    findLeaks('expres'),
    // @ts-expect-error a misspelt mode
    findLeaks(app, { modes: ['clsoe'] }),
    // @ts-expect-error a misspelt option
    findLeaks(app, { deadlines: '1s' }),
  ],
  compare: (one: RunResult) => [
    compare(one, 'results/after', { failOn: 'inconclusive', anyway: true }),
    // @ts-expect-error a misspelt verdict
    compare(one, one, { failOn: 'better' }),
    // @ts-expect-error a misspelt option
    compare(one, one, { anyways: true }),
  ],
  exitCodes: async () => [
    (await check(app)).exitCode satisfies 0 | 1 | 2 | 3 | 4 | 5 | 130,
    (await findLeaks(app)).exitCode satisfies 0 | 1 | 2 | 3 | 4 | 5 | 130,
  ],
  outcome: ({ servers, thresholds, exitCode }: RunOutcome) => [
    servers[0]!.figures['delivery.p99']?.median satisfies number | undefined,
    thresholds[0]!.state satisfies 'held' | 'broken' | 'unknown',
    exitCode satisfies 0 | 1 | 2 | 3 | 4 | 5 | 130,
    // @ts-expect-error a misspelt metric
    servers[0]!.figures['delivery.p9'],
  ],
  config: (): Config[] => [
    defineConfig({
      servers: ['koa'],
      scenario: 'soak',
      leaks: { modes: ['close'], deadline: '2s' },
      check: { watch: '65s' },
      compare: { failOn: 'worse' },
    }),
    // @ts-expect-error a misspelt section
    defineConfig({ leeks: {} }),
    // @ts-expect-error a misspelt mode
    defineConfig({ leaks: { modes: ['clsoe'] } }),
    // @ts-expect-error an option of another section
    defineConfig({ check: { modes: ['close'] } }),
    // @ts-expect-error a misspelt metric
    defineConfig({ expect: ['delivry.p99 < 50ms'] }),
  ],
};

test('a config is returned unchanged', () => {
  expect(compiled.config()[0]).toMatchObject({ scenario: 'soak', check: { watch: '65s' } });
});
