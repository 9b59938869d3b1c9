/** Where a command's words go; `cli.ts` makes the only one that prints. */
import type { TerminalOptions } from '../report/shared/style.ts';

export interface Terminal extends TerminalOptions {
  /** What was asked for: to stdout. */
  print(text: string): void;
  /** What is worth knowing on the way: to stderr. */
  note(text: string): void;
  /** Whether someone looks on, so that a line may replace itself. */
  interactive: boolean;
  /** Replaces the progress line; the empty text removes it. */
  progress(line: string): void;
}

/** The command line is wrong: everything that is, at once. Nothing has been started. */
export class BadInput extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.complaints = complaints;
  }
}
