/** Keeps the last lines that a process writes, for the report of its failure. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Lines about Node's inspector on stderr. ssebench causes these, not the program. */
const ofInspector =
  /^(Debugger (listening|attached|ending)|For help, see: https:\/\/nodejs\.org\/|Waiting for the debugger)/;

/**
 * @param kept how many lines to keep
 * @param lines where to add them; pass the same array for both streams of a process
 * @param onLine called with each line, also with those that are not kept
 * @returns the lines, an array that grows with later output
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
