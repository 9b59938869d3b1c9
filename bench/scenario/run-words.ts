/** The arguments of `ssebench run` before they are read. */
import type { Mentions } from './complaint.ts';
import type { OptionWords } from './option.ts';

/** The words as typed. */
export interface RunWords {
  /** Names of reference servers, and URLs. */
  servers: readonly string[];
  options: OptionWords;
  headers: Mentions;
  /** The expectations for the figures. */
  expect: Mentions;
}
