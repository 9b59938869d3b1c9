/**
 * The public API of the package: check for leaks from your own tests, write config files, and
 * read saved results.
 */
import { checkServer } from './leaks/check-server.ts';
import { readLeaksSettings, type App, type LeaksSettings } from './leaks/settings.ts';
import type { ServerVerdict } from './result/leak-result.ts';
import { terminalText } from './report/shared/escape.ts';
import { leaksReport } from './report/terminal/leaks.ts';

export type { App, LeaksSettings } from './leaks/settings.ts';
export type { ModeResult, ServerVerdict } from './result/leak-result.ts';
export type { Leak } from './result/leak-result.ts';
export { runResultSchema, type RunResult } from './result/run-result.ts';
export { defineConfig, type Config } from './scenario/config.ts';

/**
 * Checks a server for leaks: opens streams, closes them in every disconnect mode, and finds what
 * the server does not release. With the default settings, the check takes 5 to 15 s for a clean
 * server, and longer for a leaking one.
 *
 * @param app the server under test; a string is the URL of a server in this process
 * @param settings options of the check; every setting has a default
 * @returns the verdict; its state is `not inspected` if the server could not be inspected, which does
 * not count as a pass
 * @throws Error with all complaints, one per line, if `app` or a setting is invalid; nothing was
 * started then
 */
export async function findLeaks(
  app: string | App,
  settings: LeaksSettings = {},
): Promise<ServerVerdict> {
  const read = readLeaksSettings(typeof app === 'string' ? { url: app } : app, settings);
  if (!read.ok) throw new Error(read.complaints.map(terminalText).join('\n'));
  const {
    servers: [server],
    options,
  } = read.value;
  return checkServer(server!, options, settings.signal ?? new AbortController().signal);
}

/** @returns the verdict as text: each leak with its source line, and how to fix it */
export function describeLeaks(verdict: ServerVerdict): string {
  return leaksReport([verdict], { style: (_format, text) => text });
}
