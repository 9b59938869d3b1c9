/** The parts of an answer, and their times. Pure: time is a number that counts from the request. */
import type { Script } from './script.ts';

/** Where a text belongs: a client can show both, and only one is the answer. */
export type Channel = 'reasoning' | 'answer';

/** A part of an answer. It is due `atMs` milliseconds after the request. */
export type Step = { atMs: number } & (
  | { kind: 'start' }
  | { kind: 'open' | 'close'; channel: Channel }
  | { kind: 'chunk'; channel: Channel; text: string }
  | { kind: 'error' | 'end' }
);

/**
 * The text of token `n` of a channel. It is its number, so that a reader can audit what it received.
 */
const tokenText = (n: number): string => `${n} `;

/** The whole text of a channel with this number of tokens. */
export function textOf(tokens: number): string {
  let text = '';
  for (let n = 0; n < tokens; n++) text += tokenText(n);
  return text;
}

/**
 * The schedule is absolute: chunk `n` is due at `first + n × every`, so lateness of timers does not
 * add up. The end is due one interval after the last chunk, and so is an error.
 */
export function* stepsOf(script: Script): Generator<Step> {
  const limit = script.errorAfter ?? Infinity;
  let sent = 0;
  let chunks = 0;
  const dueMs = () =>
    script.firstMs +
    chunks * script.everyMs +
    (script.stallMs > 0 && sent >= script.stallAfter ? script.stallMs : 0);

  yield { kind: 'start', atMs: 0 };
  for (const [channel, total] of [
    ['reasoning', script.reasoning],
    ['answer', script.tokens],
  ] as const) {
    if (total === 0) continue;
    if (sent < limit) yield { kind: 'open', channel, atMs: dueMs() };
    for (let n = 0; n < total && sent < limit;) {
      const end = Math.min(n + script.perChunk, total, n + limit - sent);
      const atMs = dueMs();
      let text = '';
      for (; n < end; n++, sent++) text += tokenText(n);
      chunks++;
      yield { kind: 'chunk', channel, text, atMs };
    }
    if (sent >= limit) break;
    yield { kind: 'close', channel, atMs: dueMs() };
  }
  yield { kind: script.errorAfter === null ? 'end' : 'error', atMs: dueMs() };
}
