/** Shows a leak check while it runs: its position, and each finding as soon as it is certain. */
import type { CheckProgress, CheckWatch } from '../leaks/modes/watch.ts';
import { terminalText } from '../report/shared/escape.ts';
import { counted } from '../report/shared/format.ts';
import { leakText } from '../report/shared/leak-words.ts';
import type { Terminal } from './terminal.ts';

/**
 * One line that replaces itself on a terminal; otherwise a line for each round.
 *
 * @param modes number of modes of the check
 */
export function createLeaksWatch(server: string, modes: number, terminal: Terminal): CheckWatch {
  return {
    progress(at) {
      const line = `${terminalText(server)}: ${progressText(at, modes)}`;
      if (terminal.interactive) terminal.progress(line);
      else if (at.rounds > 0 && !at.isWaiting) terminal.note(line);
    },
    found(leak, { about }) {
      terminal.progress('');
      const what = terminalText(`${server}, ${about}: ${leakText(leak)}`);
      terminal.note(`${terminal.style('red', 'LEAK')}  ${what}. The check continues.`);
    },
  };
}

/** `reset (2 of 5), round 1 done, holds 50 objects more than before, waiting for the deadline`. */
export const progressText = (
  { mode, place, rounds, isWaiting, held }: CheckProgress,
  modes: number,
): string =>
  [
    `${mode.about} (${place + 1} of ${modes})`,
    ...(rounds > 0 ? [`round ${rounds} done`] : []),
    ...(held > 0 ? [`holds ${counted(held, 'object')} more than before`] : []),
    ...(isWaiting ? ['waiting for the deadline'] : []),
  ].join(', ');
