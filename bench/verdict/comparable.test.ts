import { describe, expect, test } from 'vitest';
import { runResult } from '../tests/fixtures/helpers/result.ts';
import type { RunResult } from '../result/run-result.ts';
import { noEventOptions, type EventOptions } from '../scenario/event-options.ts';
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
  ['scenario, streams: 1000 before, 10 after', withScenario({ streams: 10 })],
  ['scenario, disconnect: fin before, reset after', withScenario({ disconnect: 'reset' })],
  ['scenario, headers: {} before, {"a":"b"} after', withScenario({ headers: { a: 'b' } })],
  ['machine, cpu: Some CPU before, Another after', withEnvironment({ cpu: 'Another' })],
  ['machine, cores: 2 before, 4 after', withEnvironment({ cores: 4 })],
  ['machine, kernel: 6.0 before, 6.1 after', withEnvironment({ kernel: '6.1' })],
  ['limits, descriptors: 20000 before, null after', withEnvironment({ descriptors: null })],
  [
    'cores, placement: {"load":[1],"server":[0],"unpinned":false} before, null after',
    withEnvironment({ placement: null }),
  ],
  ['version, node: v26.10.0 before, v22.0.0 after', withEnvironment({ node: 'v22.0.0' })],
  ['version, ssebench: 0.1.0 before, 0.2.0 after', withEnvironment({ ssebench: '0.2.0' })],
  [
    'version, express: 5.3.0 before, 4.0.0 after',
    withEnvironment({ packages: { express: '4.0.0' } }),
  ],
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
    ...here,
    scenario: { ...here.scenario, streams: 10, rampMs: 0 },
    environment: { ...here.environment, cores: 4 },
  };
  expect(differences(here, other)).toHaveLength(3);
});

describe('the settings of each server', () => {
  const withSettings = (settings: RunResult['settings'], servers = Object.keys(settings!)) => ({
    ...here,
    servers,
    settings,
  });
  const of = (request: Record<string, string>, events: Partial<EventOptions> = {}) => ({
    request,
    events: { ...noEventOptions, ...events },
  });

  test('names a property with both values', () => {
    const before = withSettings({ app: of({ method: 'GET', body: '20 bytes' }) });
    const after = withSettings({ app: of({ method: 'POST', redirects: 'followed' }) });
    expect(differences(before, after)).toEqual([
      'request, method: GET before, POST after',
      'request, body: 20 bytes before, none after',
      'request, redirects: none before, followed after',
    ]);
  });

  test('names the places in the events, and none if they are equal', () => {
    const before = withSettings({ app: of({}, { sequence: 'seq', byEvent: true }) });
    const after = withSettings({ app: of({}, { sequence: 'id', byEvent: true }) });
    expect(differences(before, after)).toEqual(['events, sequence: seq before, id after']);
    expect(differences(before, before)).toEqual([]);
  });

  test('names the servers unless all of them differ', () => {
    const plain = of({});
    const post = of({ method: 'POST' });
    const before = withSettings({ a: plain, b: plain, c: plain });
    expect(differences(before, withSettings({ a: post, b: post, c: post }))).toEqual([
      'request, method: none before, POST after',
    ]);
    expect(differences(before, withSettings({ a: post, b: plain, c: post }))).toEqual([
      'a, c: request, method: none before, POST after',
    ]);
  });

  test('compares the only server of each result, also under different names', () =>
    expect(
      differences(withSettings({ old: of({}) }), withSettings({ new: of({ body: '2 bytes' }) })),
    ).toEqual(['request, body: none before, 2 bytes after']));

  test('does not accuse a result that does not contain them', () =>
    expect(differences(here, withSettings({ koa: of({ method: 'POST' }) }))).toEqual([]));

  test('replaces the headers of the scenario', () => {
    const [before, after] = ['a', 'b'].map((value) => ({
      ...withSettings({ koa: of({ 'header accept': value }) }),
      scenario: { ...here.scenario, headers: { accept: value } },
    }));
    expect(differences(before!, after!)).toEqual(['request, header accept: a before, b after']);
  });
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
