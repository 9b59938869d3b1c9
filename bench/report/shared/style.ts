/** Layout and styles of terminal text. */
import type { styleText } from 'node:util';

export interface TerminalOptions {
  /** Characters per line. */
  width: number;
  /** Applies a style; returns the text unchanged if the output is not a terminal. */
  style(format: Parameters<typeof styleText>[0], text: string): string;
}
