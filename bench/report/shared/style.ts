/** How text is laid out and set apart on a terminal. */
import type { styleText } from 'node:util';

export interface TerminalOptions {
  /** Characters in a line. */
  width: number;
  /** Sets text apart; leaves it as it is where the output is no terminal. */
  style(format: Parameters<typeof styleText>[0], text: string): string;
}
