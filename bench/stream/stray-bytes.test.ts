import { expect, test } from 'vitest';
import { watchForStrayBytes } from './stray-bytes.ts';

test.each([
  ['', false],
  [':', false],
  ['\r\n\n', false],
  ['i', false],
  ['retr', false],
  ['id: 1\nretry', false],
  ['\ufeff: ping\n', false],
  ['data', true],
  ['ids', true],
  ['retri', true],
  ['re\n', true],
  [': ping\n\ufeff', true],
  [' id', true],
])('%j is the same, cut anywhere', (text, isStray) => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const stray = watchForStrayBytes();
    stray.feed(bytes.subarray(0, cut));
    stray.feed(bytes.subarray(cut));
    expect({ cut, count: stray.count() }).toEqual({ cut, count: isStray ? bytes.length : 0 });
  }
});

test('half a byte order mark is stray', () => {
  const stray = watchForStrayBytes();
  stray.feed(Buffer.from('\ufeff').subarray(0, 2));
  expect(stray.count()).toBe(2);
});
