/** `ssebench watch`: inspects a server in production, and alarms when it leaks. */
import { readWatchWords, type WatchWords } from '../leaks/production/watch-words.ts';
import { jsonText } from '../report/shared/escape.ts';
import { watchText } from '../report/terminal/watch.ts';
import { exitCodes } from '../result/exit-codes.ts';
import type { WatchLine } from '../result/watch-result.ts';
import { complaintsOf } from '../scenario/complaint.ts';
import { machineTime } from '../system/time.ts';
import { exitCodeOfWatch } from '../verdict/exit-code.ts';
import { whyNoLeaksOn } from './platform.ts';
import { BadInput, type Terminal } from './terminal.ts';

/** Where each line is printed. Alarms and the summary are the result. */
const outputOf = {
  start: 'note',
  inspection: 'note',
  failed: 'essential',
  alarm: 'print',
  end: 'print',
} as const satisfies Record<WatchLine['type'], keyof Terminal>;

export interface WatchCommandWords extends WatchWords {
  json: boolean;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * @param signal ends the watch
 * @returns the exit code
 * @throws BadInput
 */
export async function watchCommand(
  words: WatchCommandWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const notHere = whyNoLeaksOn(process.platform);
  if (notHere !== undefined) {
    terminal.essential(`ssebench watch ${notHere}.`);
    return exitCodes.invalid;
  }
  const read = readWatchWords(words);
  const complaints = [...words.complaints, ...complaintsOf(read)];
  if (!read.ok || complaints.length > 0) throw new BadInput(complaints);
  const { pid, options } = read.value;
  const { watchedProcess, whyNotWatched } = await import('../leaks/production/watched-process.ts');
  const refusal = whyNotWatched(pid);
  if (refusal !== undefined) {
    terminal.essential(`ssebench watch: ${refusal}.`);
    return exitCodes.invalid;
  }
  const { watchProcess } = await import('../leaks/production/watch.ts');
  const end = await watchProcess(watchedProcess(pid), options, {
    time: machineTime,
    date: () => new Date(),
    signal,
    report: (line) =>
      words.json
        ? terminal.print(jsonText(line))
        : terminal[outputOf[line.type]](watchText(line, options.everyMs, terminal)),
  });
  return exitCodeOfWatch(end);
}
