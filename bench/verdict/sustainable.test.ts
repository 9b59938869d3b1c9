import { expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import type { MeasuredRound } from '../result/run-result.ts';
import { isByChance, judgeLoad } from './sustainable.ts';

const head = runResult(['koa'], [], { expect: ['missing = 0', 'delivery.p99 < 50ms'] });
const round = (overrides: Partial<MeasuredRound> = {}) => measuredRound('koa', 1, overrides);
const doubt = (check: string) => [{ check, finding: `${check} was too much`, remedy: 'Do less.' }];
const { process, counts } = round();
const busy = { ...process!, cpuNs: 0.97 * process!.cpuOverMs * 1e6 };

test.each<[string, Parameters<typeof judgeLoad>[1], object]>([
  ['all expectations met', round(), { holds: true, why: '', bottleneck: '' }],
  ['all expectations met by a busy server', round({ process: busy }), { holds: true }],
  [
    'an expectation not met',
    round({ counts: { ...counts, missing: 3 } }),
    {
      holds: false,
      why: 'missing = 0 does not hold: 3',
      bottleneck: 'unknown (not the server’s CPU, the load generator, descriptors or ports)',
    },
  ],
  [
    'an expectation not met by a URL',
    round({ process: null, counts: { ...counts, missing: 3 } }),
    {
      holds: false,
      why: 'missing = 0 does not hold: 3',
      bottleneck: 'unknown (not the load generator, descriptors or ports)',
    },
  ],
  [
    'an expectation not met by a busy server',
    round({ process: busy, counts: { ...counts, missing: 3 } }),
    { holds: false, bottleneck: 'the server’s CPU' },
  ],
  [
    'a generator at its limit',
    round({ doubts: doubt('generator loop') }),
    { holds: false, why: 'generator loop was too much', bottleneck: 'the load generator' },
  ],
  [
    'a growing queue, with a busy server',
    round({ process: busy, doubts: doubt('conserved events') }),
    { holds: false, bottleneck: 'the server’s CPU' },
  ],
  [
    'a queue in an idle server and an idle generator',
    round({ doubts: doubt('conserved events') }),
    { holds: false, invalid: 'conserved events was too much. Do less.' },
  ],
  [
    'a busy server behind a queue, which is at its limit',
    round({ process: busy, doubts: doubt('conserved events') }),
    { holds: false, invalid: '' },
  ],
  ['no ports', round({ doubts: doubt('ports') }), { holds: false, bottleneck: 'ports' }],
  [
    'a figure that is not available',
    round({ histograms: {} }),
    {
      holds: false,
      isKnown: false,
      why: 'delivery.p99 < 50ms could not be checked: not available for this server',
    },
  ],
  [
    'a figure that is not available, and an expectation not met',
    round({ histograms: {}, counts: { ...counts, missing: 3 } }),
    { holds: false, isKnown: true },
  ],
  [
    'a generator that does not answer',
    failedRound('koa', 1, { message: 'a generator did not answer within 15 s' }),
    { holds: false, bottleneck: 'the load generator' },
  ],
  [
    'a server that dies',
    failedRound('koa', 1),
    { holds: false, why: 'the server ended unexpectedly: exit code 7', bottleneck: 'the server' },
  ],
  [
    'a server without descriptors',
    failedRound('koa', 1, { message: 'the server ran out of file descriptors (7 of 7 are open)' }),
    { holds: false, bottleneck: 'file descriptors' },
  ],
])('%s', (_what, measured, verdict) => expect(judgeLoad(head, measured)).toMatchObject(verdict));

test('disturbances by the machine are independent of the load', () => {
  expect(isByChance(round({ doubts: doubt('stolen time') }))).toBe(true);
  expect(isByChance(round({ doubts: doubt('steady wall clock') }))).toBe(true);
  expect(isByChance(round({ doubts: [...doubt('stolen time'), ...doubt('ports')] }))).toBe(false);
  expect([round(), failedRound('koa', 1)].map(isByChance)).toEqual([false, false]);
  for (const message of [
    'a generator ended unexpectedly: SIGKILL',
    'generator 2 of 3 ended unexpectedly: SIGKILL; the figures of its 24 open streams are lost',
    'a generator was not ready within 15 s, so this machine is too busy',
  ])
    expect(isByChance(failedRound('koa', 1, { message }))).toBe(true);
});
