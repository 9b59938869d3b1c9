/** What a person asks `ssebench run` for, before it is read. */
import type { Mentions } from './complaint.ts';
import type { OptionWords } from './option.ts';

/** The words, as they were typed. */
export interface RunWords {
  /** Names of servers, and URLs. */
  servers: readonly string[];
  options: OptionWords;
  headers: Mentions;
  /** What is expected of the figures. */
  expect: Mentions;
}
