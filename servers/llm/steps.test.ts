import { expect, test } from 'vitest';
import { readScript } from './script.ts';
import { stepsOf, textOf } from './steps.ts';

/** One line for each step: when, what, and its text. */
function stepsFor(query: string): string[] {
  const { script } = readScript(new URLSearchParams(query), ['reasoning']);
  return Array.from(stepsOf(script!), (step) => {
    const channel = 'channel' in step ? ` ${step.channel}` : '';
    return `${step.atMs} ${step.kind}${channel}${step.kind === 'chunk' ? `: ${step.text}` : ''}`;
  });
}

test('chunk n is due at first + n × every, and the end one interval later', () =>
  expect(stepsFor('first=300&every=20&tokens=3')).toEqual([
    '0 start',
    '300 open answer',
    '300 chunk answer: 0 ',
    '320 chunk answer: 1 ',
    '340 chunk answer: 2 ',
    '360 close answer',
    '360 end',
  ]));

test('the reasoning comes first, and each channel has its own last chunk', () =>
  expect(stepsFor('first=100&every=10&reasoning=5&tokens=3&chunk=4')).toEqual([
    '0 start',
    '100 open reasoning',
    '100 chunk reasoning: 0 1 2 3 ',
    '110 chunk reasoning: 4 ',
    '120 close reasoning',
    '120 open answer',
    '120 chunk answer: 0 1 2 ',
    '130 close answer',
    '130 end',
  ]));

test('an error comes after a number of tokens, instead of the next chunk', () => {
  expect(stepsFor('first=100&every=10&tokens=9&error=2')).toEqual([
    '0 start',
    '100 open answer',
    '100 chunk answer: 0 ',
    '110 chunk answer: 1 ',
    '120 error',
  ]);
  // The chunk before it is shorter.
  expect(stepsFor('first=100&every=10&tokens=9&chunk=4&error=6').slice(2)).toEqual([
    '100 chunk answer: 0 1 2 3 ',
    '110 chunk answer: 4 5 ',
    '120 error',
  ]);
  expect(stepsFor('reasoning=2&tokens=2&error=2').slice(1)).toEqual([
    '300 open reasoning',
    '300 chunk reasoning: 0 ',
    '320 chunk reasoning: 1 ',
    '340 error',
  ]);
  expect(stepsFor('error=0')).toEqual(['0 start', '300 error']);
});

test('a stall delays everything that follows it', () => {
  expect(stepsFor('first=100&every=10&tokens=3&stall=2000&stall-after=2')).toEqual([
    '0 start',
    '100 open answer',
    '100 chunk answer: 0 ',
    '110 chunk answer: 1 ',
    '2120 chunk answer: 2 ',
    '2130 close answer',
    '2130 end',
  ]);
  expect(stepsFor('tokens=1&stall=500').at(-1)).toBe('820 end');
  expect(stepsFor('tokens=1&stall=500&stall-after=0')[1]).toBe('800 open answer');
});

test('an answer without tokens has a start and an end', () =>
  expect(stepsFor('tokens=0')).toEqual(['0 start', '300 end']));

test('the text of a channel is the number of each token', () => expect(textOf(4)).toBe('0 1 2 3 '));
