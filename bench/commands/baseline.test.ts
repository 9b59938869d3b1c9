/** Checks of a comparison with a baseline, made before anything is measured. */
import { expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import type { RunResult } from '../result/run-result.ts';
import { refused } from '../scenario/complaint.ts';
import { fromOutside, type ServerUnderTest } from '../scenario/scenario.ts';
import { compareConditions } from './baseline.ts';

const url = 'http://127.0.0.1:3000/event';
const six = [1, 2, 3, 4, 5, 6];

/**
 * Six rounds of one server, with or without figures of its process, and with or without stamps in
 * its events.
 */
function resultOf(server: string, has: { process: boolean; stamps: boolean }): RunResult {
  const rounds = six.map((round) => {
    const whole = measuredRound(server, round);
    const { delivery: _, ...unstamped } = whole.histograms;
    const histograms = has.stamps ? whole.histograms : unstamped;
    const { release: __, ...seenFromOutside } = histograms;
    return has.process
      ? { ...whole, histograms }
      : { ...whole, process: null, histograms: seenFromOutside };
  });
  return runResult([server], rounds);
}
/** The same without any distribution, as of a run with too few streams and events. */
const tooFew = (result: RunResult): RunResult => ({
  ...result,
  rounds: result.rounds.map((round) => ({ ...round, histograms: {} }) as typeof round),
});
const koa: ServerUnderTest = { kind: 'reference', name: 'koa', file: 'koa.ts' };
const ofUrl = (address = url): ServerUnderTest => fromOutside(address, address, null);

const compared = (
  result: RunResult,
  serverUnderTest: ServerUnderTest,
  failOn: 'worse' | undefined,
) =>
  compareConditions(
    { name: 'main', result },
    {
      head: runResult([serverUnderTest.name], [], { scenario: result.scenario }),
      serversUnderTest: [serverUnderTest],
    },
    true,
    failOn,
  );

const ofReference = resultOf('koa', { process: true, stamps: true });
const stamped = resultOf(url, { process: false, stamps: true });
const whole = resultOf(url, { process: true, stamps: true });
const started: ServerUnderTest = {
  ...fromOutside(url, url, null),
  process: {
    kind: 'command',
    command: ['node', 'server.js'],
    cwd: null,
    env: {},
    readyWhen: null,
    readyWithinMs: 30_000,
  },
};
const plain = resultOf(url, { process: false, stamps: false });
const unstamped = resultOf('koa', { process: true, stamps: false });

test.each<[string, RunResult, ServerUnderTest, RegExp]>([
  [
    'a URL with too few samples, compared with itself',
    tooFew(plain),
    ofUrl(),
    /^--fail-on worse: http:\S+ cannot be judged, because the baseline has none of headers p50, TTFE p50, event gap p95, delivery p99; .*--expect/,
  ],
  [
    'a URL elsewhere, compared with one with stamps of this machine',
    stamped,
    ofUrl('http://192.0.2.1/'),
    /because ssebench cannot measure delivery p99/,
  ],
])('%s: refused only with --fail-on', (_what, baseline, serverUnderTest, complaint) => {
  expect(compared(baseline, serverUnderTest, 'worse')).toEqual(
    refused(expect.stringMatching(complaint)),
  );
  expect(compared(baseline, serverUnderTest, undefined)).toMatchObject({ ok: true });
});

test.each([
  ['a URL with stamps, compared with itself', stamped, ofUrl()],
  ['a URL without stamps, compared with itself', plain, ofUrl()],
  ['a reference server, compared with such a URL', plain, koa],
  ['a URL, compared with a reference server', unstamped, ofUrl()],
  ['a reference server, compared with itself', ofReference, koa],
  ['a server that a command starts, compared with itself', whole, started],
  ['the same server, compared with a reference server', ofReference, started],
])('%s: accepted', (_what, baseline, serverUnderTest) =>
  expect(compared(baseline, serverUnderTest, 'worse')).toMatchObject({ ok: true }),
);
