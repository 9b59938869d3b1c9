import { expect, test } from 'vitest';
import { platformNotes, whyNoLeaksOn } from './platform.ts';

test('Linux needs no note, and has leak checks', () => {
  expect(platformNotes('linux')).toEqual([]);
  expect(whyNoLeaksOn('linux')).toBeUndefined();
});

test.each([
  ['darwin', 'macOS'],
  ['win32', 'Windows'],
  ['freebsd', 'freebsd'],
] as const)('%s gets one sentence at the start, and no leak check', (platform, name) => {
  expect(platformNotes(platform)).toEqual([
    expect.stringMatching(`^This is ${name}: figures that need Linux show “–”, [^.]*\\.$`),
  ]);
  expect(whyNoLeaksOn(platform)).toBe(
    `needs Linux, because ssebench reads in /proc what a server holds, and this is ${name}; run it in a container or a CI job with Linux`,
  );
});
