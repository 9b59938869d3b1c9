import { describe, expect, test } from 'vitest';
import { metrics } from '../metrics/metrics.ts';
import { fromOutside, type OwnProcess, type UrlUnderTest } from '../scenario/scenario.ts';
import { whyNoExpectations, whyNoFigure } from './url-figures.ts';

const command: OwnProcess = {
  kind: 'command',
  command: ['node', 'server.js'],
  cwd: null,
  env: {},
  readyWhen: null,
  readyWithinMs: 30_000,
};
const outside = fromOutside('it', 'http://127.0.0.1:3000/event', 1_000);
const servers: Record<string, UrlUnderTest> = {
  outside,
  pid: { ...outside, process: { kind: 'pid', pid: 7 } },
  command: { ...outside, process: command },
};
const why = (name: string, server: UrlUnderTest, platform?: string) =>
  whyNoFigure(
    metrics.find((metric) => metric.name === name)!,
    server,
    undefined,
    platform,
  );

describe('a metric → the servers of the user that can have it', () => {
  test.each<[string, string[]]>([
    ['ttfe.p99', ['outside', 'pid', 'command']],
    ['lag.p99', ['outside', 'pid', 'command']],
    ['cpu', ['pid', 'command']],
    ['memory', ['pid', 'command']],
    ['release.p99', ['pid', 'command']],
    ['held-timers', ['pid', 'command']],
    ['plain', []],
    ['goodput', ['outside', 'pid', 'command']],
    ['first-token.p99', ['outside', 'pid', 'command']],
  ])('%s: %j', (name, possible) => {
    const those = Object.entries(servers).filter(([, server]) => why(name, server) === undefined);
    expect(those.map(([access]) => access)).toEqual(possible);
  });
});

test('the reason names the access that makes the metric possible', () => {
  expect(why('cpu', outside)).toContain('with --pid or with its command after --');
  expect(why('lag.p99', { ...servers.command!, intervalMs: null })).toContain(
    'such as --interval 1s',
  );
});

test('a figure that only Linux reports is refused on other systems', () => {
  expect(why('stolen', outside, 'darwin')).toMatch(/^needs Linux; leave it out, or /);
  expect(why('stolen', outside, 'linux')).toBeUndefined();
  expect(why('ttfe.p99', outside, 'darwin')).toBeUndefined();
});

test('delivery needs a server that is certainly on this machine', () => {
  const remote = { ...outside, url: 'http://example.com/' };
  const asking = (options: Partial<UrlUnderTest['request']>, server = remote) => ({
    ...server,
    request: { ...server.request, ...options },
  });
  expect(why('delivery.p99', remote)).toContain('may lead to another machine');
  expect(why('delivery.p99', asking({ socketPath: '/run/it.sock' }))).toBeUndefined();
  const follows = { followsRedirects: true, mayLeaveMachine: true };
  expect(why('delivery.p99', asking(follows, outside))).toContain('a redirect of it');
});

test('an expectation is refused once, if one of the servers cannot have its metric', () => {
  expect(whyNoExpectations(['cpu < 30µs', 'failed = 0'], [servers.command!, outside])).toEqual([
    expect.stringMatching(/^--expect cpu < 30µs: not available for a URL alone/),
  ]);
  expect(whyNoExpectations(['cpu < 30µs'], [servers.command!])).toEqual([]);
});
