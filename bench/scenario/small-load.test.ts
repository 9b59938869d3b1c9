import { expect, test } from 'vitest';
import { fromOutside, type ServerUnderTest } from './scenario.ts';
import { smallLoadInWords, smallLoadOf, stepAfterSmallLoad } from './small-load.ts';

const url = fromOutside('app', 'http://127.0.0.1:3000/event', null);
const byPid: ServerUnderTest = { ...url, process: { kind: 'pid', pid: 4711 } };
const reference: ServerUnderTest = { kind: 'reference', name: 'koa', file: 'koa.ts' };
const steady = { kind: 'steady' } as const;

test('URLs that ssebench measures only from outside get a small default', () =>
  expect(smallLoadOf([url, url], steady, {})).toEqual({ streams: 100, rounds: 1 }));

test.each([
  ['a reference server', smallLoadOf([url, reference], steady, {})],
  ['a server with a process', smallLoadOf([byPid], steady, {})],
  ['a scenario', smallLoadOf([url], steady, { scenario: 'capacity' })],
  ['another load kind', smallLoadOf([url], { kind: 'search', of: 'streams' }, {})],
  ['options', smallLoadOf([url], steady, { streams: 5, rounds: 3 })],
])('%s gets no small default, and no note', (_what, load) => {
  expect(load).toEqual({});
  expect([...smallLoadInWords(load), ...stepAfterSmallLoad(load)]).toEqual([]);
});

test.each([
  [{}, '100 streams, 1 round. For verdicts: --streams 1000 --rounds 6'],
  [{ streams: 5 }, '1 round. For verdicts: --rounds 6'],
  [{ rounds: 3 }, '100 streams. For verdicts: --streams 1000'],
])('with %j given explicitly, the notes name the rest', (given, words) => {
  const load = smallLoadOf([url], steady, given);
  expect(smallLoadInWords(load)).toEqual([`Small default load: ${words}`]);
  const [, options] = words.split('verdicts: ');
  expect(stepAfterSmallLoad(load)).toEqual([`Next: for verdicts, run it again with ${options}.`]);
});
