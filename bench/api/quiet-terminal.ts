/** The output of the commands' code, if a program calls it. Nothing prints. */
import type { Terminal } from '../commands/terminal.ts';

/** @param onNote receives the notes */
export const quietTerminal = (onNote: (text: string) => void = () => {}): Terminal => ({
  interactive: false,
  width: Infinity,
  style: (_format, text) => text,
  print() {},
  note: onNote,
  essential: onNote,
  progress() {},
});
