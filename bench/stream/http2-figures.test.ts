import { expect, test } from 'vitest';
import { codeName, countCode, mergeHttp2, noHttp2Figures } from './http2-figures.ts';

test('codes have the names of RFC 9113, and unknown codes keep their number', () => {
  expect([0, 1, 8, 11, 13, 14].map(codeName)).toEqual([
    'NO_ERROR',
    'PROTOCOL_ERROR',
    'CANCEL',
    'ENHANCE_YOUR_CALM',
    'HTTP_1_1_REQUIRED',
    'code 14',
  ]);
});

test('figures of several generators are merged', () => {
  const [first, second] = [noHttp2Figures(), noHttp2Figures()];
  Object.assign(first, { sessions: 2, requests: 150, mostStreams: 100, leastWindowBytes: 9 });
  Object.assign(second, { sessions: 1, requests: 7, mostStreams: 7, windowBytes: 65_535 });
  for (const code of [8, 8, 2]) countCode(first.resets, code);
  countCode(second.resets, 8);
  countCode(second.goaways, 0);
  expect(mergeHttp2([first, second])).toEqual({
    sessions: 3,
    requests: 157,
    mostStreams: 100,
    windowBytes: 65_535,
    leastWindowBytes: 9,
    resets: { CANCEL: 3, INTERNAL_ERROR: 1 },
    goaways: { NO_ERROR: 1 },
  });
});
