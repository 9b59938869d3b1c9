/** What programs may import: to look for leaks from their own tests, to write scenario files, and to read saved results. */
import { checkServer } from './leaks/check-server.ts';
import { readLeaksSettings, type App, type LeaksSettings } from './leaks/settings.ts';
import type { ServerVerdict } from './result/leak-result.ts';
import { terminalText } from './report/shared/escape.ts';
import { leaksReport } from './report/terminal/leaks.ts';

export type { App, LeaksSettings } from './leaks/settings.ts';
export type { ModeResult, ServerVerdict } from './result/leak-result.ts';
export type { Leak } from './verdict/leaks.ts';
export { runResultSchema, type RunResult } from './result/run-result.ts';
export { defineConfig, type Config } from './scenario/config.ts';

/**
 * Opens streams, leaves them in every way that clients do, and finds what the server does not let go of. By default it
 * takes 5 to 15 s for a clean server, and longer for one that leaks.
 *
 * @param app a URL alone stands for a server in this very process
 * @returns a verdict; its state is `unknown`, and no pass, where nobody could look
 * @throws with all complaints at once where the app or a setting makes no sense; nothing was started then
 */
export async function findLeaks(
  app: string | App,
  settings: LeaksSettings = {},
): Promise<ServerVerdict> {
  const read = readLeaksSettings(typeof app === 'string' ? { url: app } : app, settings);
  if (!read.ok) throw new Error(read.complaints.map(terminalText).join('\n'));
  const {
    subjects: [subject],
    options,
  } = read.value;
  return checkServer(subject!, options, settings.signal ?? new AbortController().signal);
}

/** A verdict for a person to read: each leak with its line, and what to do about it. */
export function describeLeaks(verdict: ServerVerdict): string {
  return leaksReport([verdict], { style: (_format, text) => text });
}
