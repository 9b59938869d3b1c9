import { describe, expect, test } from 'vitest';
import { runResult } from '../tests/fixtures/helpers/result.ts';
import type { RunResult } from '../result/run-result.ts';
import { differences, pairsOf } from './comparable.ts';

const here = runResult(['koa'], []);
const withScenario = (scenario: Partial<RunResult['scenario']>) => ({
  ...here,
  scenario: { ...here.scenario, ...scenario },
});
const withEnvironment = (environment: Partial<RunResult['environment']>) => ({
  ...here,
  environment: { ...here.environment, ...environment },
});

test.each([
  ['no difference', here],
  ['rounds and seed', withScenario({ rounds: 60, seed: 7 })],
  ['the commit', withEnvironment({ commit: 'fffffff+' })],
  ['a package that only one has', withEnvironment({ packages: { koa: '1.0.0' } })],
])('%s does not matter', (_what, other) => expect(differences(here, other)).toEqual([]));

test.each([
  ['scenario, streams: 1000 and 10', withScenario({ streams: 10 })],
  ['scenario, disconnect: fin and reset', withScenario({ disconnect: 'reset' })],
  ['scenario, headers: {} and {"a":"b"}', withScenario({ headers: { a: 'b' } })],
  ['machine, cpu: Some CPU and Another', withEnvironment({ cpu: 'Another' })],
  ['machine, cores: 2 and 4', withEnvironment({ cores: 4 })],
  ['machine, kernel: 6.0 and 6.1', withEnvironment({ kernel: '6.1' })],
  ['limits, descriptors: 20000 and null', withEnvironment({ descriptors: null })],
  [
    'cores, placement: {"load":[1],"server":[0],"unpinned":false} and null',
    withEnvironment({ placement: null }),
  ],
  ['version, node: v26.10.0 and v22.0.0', withEnvironment({ node: 'v22.0.0' })],
  ['version, ssebench: 0.1.0 and 0.2.0', withEnvironment({ ssebench: '0.2.0' })],
  ['version, express: 5.3.0 and 4.0.0', withEnvironment({ packages: { express: '4.0.0' } })],
])('%s', (difference, other) => expect(differences(here, other)).toEqual([difference]));

test('the order of headers does not matter', () => {
  const [one, other] = [
    { a: '1', b: '2' },
    { b: '2', a: '1' },
  ].map((headers) => withScenario({ headers }));
  expect(differences(one!, other!)).toEqual([]);
});

test('names all differences at once', () => {
  const other = {
    scenario: { ...here.scenario, streams: 10, rampMs: 0 },
    environment: { ...here.environment, cores: 4 },
  };
  expect(differences(here, other)).toHaveLength(3);
});

describe('pairs', () => {
  const of = (...names: string[]) => ({ servers: names });
  test.each([
    [
      'namesakes',
      of('koa', 'h3'),
      of('h3', 'nest', 'koa'),
      [
        ['koa', 'koa'],
        ['h3', 'h3'],
      ],
    ],
    ['the only server of each', of('koa'), of('h3'), [['koa', 'h3']]],
    ['none', of('koa', 'h3'), of('nest'), []],
  ])('%s', (_what, before, after, pairs) => expect(pairsOf(before, after)).toEqual(pairs));
});
