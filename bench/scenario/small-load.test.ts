import { expect, test } from 'vitest';
import { fromOutside, type ServerUnderTest } from './scenario.ts';
import { smallLoadInWords, smallLoadOf, stepAfterSmallLoad } from './small-load.ts';

const url = fromOutside('app', 'http://127.0.0.1:3000/event', null);
const byPid: ServerUnderTest = { ...url, process: { kind: 'pid', pid: 4711 } };
const reference: ServerUnderTest = { kind: 'reference', name: 'koa', file: 'koa.ts' };
const nothing = { small: undefined, given: {}, ofScenario: undefined };

test('URLs that ssebench measures only from outside get a small default', () =>
  expect(smallLoadOf([url, url], nothing)).toEqual({
    streams: { value: 100, usual: 1_000 },
    rounds: { value: 1, usual: 6 },
  }));

test.each([
  ['a reference server', smallLoadOf([url, reference], nothing)],
  ['a server with a process', smallLoadOf([byPid], nothing)],
  ['options', smallLoadOf([url], { ...nothing, given: { streams: 5, rounds: 3 } })],
  ['a load kind without one', smallLoadOf([url], { ...nothing, small: {} })],
])('%s gets no small default, and no note', (_what, load) => {
  expect(load).toEqual({});
  expect([...smallLoadInWords(load), ...stepAfterSmallLoad(load)]).toEqual([]);
});

test.each([
  [{ given: {} }, '100 streams, 1 round. For verdicts: --streams 1000 --rounds 6'],
  [{ given: { streams: 5 } }, '1 round. For verdicts: --rounds 6'],
  [{ given: { rounds: 3 } }, '100 streams. For the usual load: --streams 1000'],
  [{ small: { rounds: 1 } }, '1 round. For verdicts: --rounds 6'],
  [
    { given: { streams: 100, remainingStreams: 20 }, ofScenario: { streams: 2_000 } },
    '100 streams, 1 round. For verdicts: --streams 2000 --rounds 6',
  ],
  [
    { small: { rounds: 1 }, given: { arrivals: 50 }, ofScenario: { arrivals: 200 } },
    '50 new streams/s, 1 round. For verdicts: --arrivals 200 --rounds 6',
  ],
])('with %j, the notes name the rest', (origin, words) => {
  const load = smallLoadOf([url], { ...nothing, ...origin });
  expect(smallLoadInWords(load)).toEqual([`Small default load: ${words}`]);
  const [, step] = words.split('. For ');
  const [what, options] = step!.split(': ');
  expect(stepAfterSmallLoad(load)).toEqual([`Next: for ${what}, run it again with ${options}.`]);
});
