/** The last lines that a process writes, for the report of its failure. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What Node writes to stderr about its inspector: that is our work, and not the program's. */
const ofInspector =
  /^(Debugger (listening|attached|ending)|For help, see: https:\/\/nodejs\.org\/|Waiting for the debugger)/;

/**
 * @param kept how many
 * @param lines where to add them; of two streams of one process, the same
 * @param onLine is told of each line, also of those that are not kept
 * @returns the lines so far, which more are added to
 */
export function keepLastLines(
  stream: Readable,
  kept: number,
  lines: string[] = [],
  onLine: (line: string) => void = () => {},
): string[] {
  createInterface({ input: stream }).on('line', (line) => {
    onLine(line);
    if (ofInspector.test(line)) return;
    lines.push(line);
    if (lines.length > kept) lines.shift();
  });
  return lines;
}
