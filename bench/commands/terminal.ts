/** Output of the commands. Only the terminal created in `cli.ts` really prints. */
export { BadInput } from '../scenario/complaint.ts';
import type { TerminalOptions } from '../report/shared/style.ts';

export interface Terminal extends TerminalOptions {
  /** Prints to stdout: the output that the user asked for. */
  print(text: string): void;
  /** Prints to stderr: notes and warnings. Silent with `--quiet`. */
  note(text: string): void;
  /** Prints to stderr, also with `--quiet`: what failed, or what the user asked for. */
  essential(text: string): void;
  /** Whether stderr is a terminal, so that the progress line can replace itself. */
  interactive: boolean;
  /** Replaces the progress line. An empty text removes it. */
  progress(line: string): void;
  /**
   * Asks a question that the user answers with yes or no; absent if nobody can answer.
   *
   * @param signal ends the question, as a no
   */
  ask?(question: string, signal: AbortSignal): Promise<boolean>;
}

/** The same terminal without notes and progress, for `--quiet`. */
export const silenced = (terminal: Terminal): Terminal => ({
  ...terminal,
  note: () => {},
  progress: () => {},
});
