/** The words of a user to `ssebench run`, which are not read yet. */
import type { Mentions } from '../scenario/complaint.ts';
import type { RunWords } from '../scenario/run-words.ts';
import type { CiWords } from './ci-output.ts';

export interface RunCommandWords extends RunWords, CiWords {
  out: Mentions;
  config: Mentions;
  baseline: Mentions;
  saveBaseline: Mentions;
  failOn: Mentions;
  /** Whether to compare with a baseline measured with different settings. */
  anyway: boolean;
  json: boolean;
  /** Whether to serve the page during the run. */
  live: boolean;
  /** Whether to check for leaks after the measurement. */
  leakCheck: boolean;
  /** Whether to send each URL one request before any load. */
  probe: boolean;
  /** Whether only to print the plan of the run. */
  plan: boolean;
  /** Whether no result is written; set by programs. */
  savesNothing?: boolean;
  /** Whether the user can answer a question. */
  asks: boolean;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}
