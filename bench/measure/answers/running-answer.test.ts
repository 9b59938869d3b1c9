import { describe, expect, test } from 'vitest';
import { streamExpectationsOf } from '../../scenario/answer-options.ts';
import { meetsAll } from './limits.ts';
import { RunningAnswer } from './running-answer.ts';

const ms = 1e6;

/** An answer that should start at 1,000 ms. @param contents times of its content from then on */
function answerWith(contents: readonly (readonly [atMs: number, 'answer' | 'reasoning'])[]) {
  const answer = new RunningAnswer(1_000 * ms, 1_002 * ms, true, 'any');
  for (const [atMs, channel] of contents) {
    answer.event((1_000 + atMs) * ms);
    answer.content(channel, (1_000 + atMs) * ms);
  }
  return answer;
}
const meets = (answer: RunningAnswer, ...expectStream: string[]) =>
  meetsAll(streamExpectationsOf({ expectStream }), answer.figures());

test('the times count from the intended start, and the gaps are those of content', () => {
  const answer = answerWith([
    [300, 'reasoning'],
    [320, 'reasoning'],
    [400, 'answer'],
    [430, 'answer'],
  ]);
  answer.tokens = 27;
  expect(answer.figures()).toEqual({
    headers: undefined,
    firstEvent: 300,
    firstToken: 300,
    firstAnswer: 400,
    total: 430,
    longestGap: 80,
    perToken: 5,
    perChunk: 130 / 3,
  });
});

describe('limits', () => {
  const answer = answerWith([
    [300, 'answer'],
    [320, 'answer'],
  ]);

  test('each must be met', () => {
    expect(meets(answer, 'first-token <= 300ms', 'total < 321ms', 'gap = 20ms')).toBe(true);
    expect(meets(answer, 'first-token < 300ms', 'total < 321ms')).toBe(false);
    expect(meets(answer, 'first-token <= 300ms', 'total < 320ms')).toBe(false);
  });
  test('without tokens of the server, the time per token is that per event', () => {
    expect(meets(answer, 'tpot = 20ms')).toBe(true);
    answer.tokens = 21;
    expect(meets(answer, 'tpot = 1ms')).toBe(true);
  });
  test('one event with content has no gap', () => {
    const single = answerWith([[300, 'answer']]);
    single.tokens = 50;
    expect(meets(single, 'gap < 1ms', 'tpot < 1ms')).toBe(true);
    expect(single.figures()).toMatchObject({ perToken: undefined, longestGap: undefined });
  });
  test('an answer without content meets none, and one of reasoning has no first answer', () => {
    const empty = answerWith([]);
    for (const figure of ['first-token', 'first-answer', 'total', 'tpot', 'gap'])
      expect(meets(empty, `${figure} < 60s`)).toBe(false);
    const reasoned = answerWith([[300, 'reasoning']]);
    expect(meets(reasoned, 'first-token < 1s')).toBe(true);
    expect(meets(reasoned, 'first-answer < 1s')).toBe(false);
  });
});
