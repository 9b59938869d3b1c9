/** Numbers in evidence. Pure. */

/** 0 without numbers. `Math.max` fails if it gets 100,000 of them. */
export const largestOf = (numbers: readonly number[]): number =>
  numbers.reduce((largest, number) => Math.max(largest, number), 0);

/** `40 ms` or `2.4 s`. */
export const time = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1).replace(/\.0$/, '')} s`;

/** `1 event`, `1,200 events`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

/** `97 %`; 100 only if it is all. */
export const percent = (share: number): string =>
  `${share < 1 ? Math.min(99, Math.round(100 * share)) : 100} %`;
