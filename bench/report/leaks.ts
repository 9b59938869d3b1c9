/** What `ssebench leaks` says: one line for a clean server, and for each leak where it is and what to do. */
import { isClean, type LeaksResult, type ServerVerdict } from '../leaks/result.ts';
import type { ModeResult } from '../leaks/check.ts';
import { leaveModes } from '../leaks/modes.ts';
import { describeHeld } from '../leaks/held.ts';
import type { Leak } from '../verdict/leaks.ts';
import type { TerminalOptions } from './terminal.ts';

export function leaksReport({ servers }: LeaksResult, { style }: Pick<TerminalOptions, 'style'>): string {
  return servers.map((server) => serverText(server, style)).join('\n');
}

function serverText({ server, state, reason, look, modes }: ServerVerdict, style: TerminalOptions['style']): string {
  if (state === 'unknown') return `${style('red', 'UNKNOWN')}  ${server}: could not look: ${reason}`;
  const clean = modes.filter((mode) => isClean(mode) && mode.skipped === null);
  const skipped = modes.flatMap((mode) => (mode.skipped === null ? [] : [`  ${style('dim', 'skipped')} ${mode.about}: ${mode.skipped}`]));
  const lines = modes.filter((mode) => !isClean(mode)).flatMap((mode) => modeLines(mode, style));
  const disconnects = clean.reduce((sum, mode) => sum + mode.disconnects, 0);
  const cleanText = clean.length === 0 ? '' : `clean after ${disconnects} disconnects: ${clean.map(({ about }) => about).join(', ')} (${look})`;
  const head = state === 'clean' ? `${style('green', 'clean')}  ${server}: ${cleanText}` : `${style('red', 'LEAKS')}  ${server}${cleanText && `: ${cleanText}`}`;
  return [head, ...lines, ...skipped].join('\n');
}

function modeLines({ mode, about, leaks, oddities }: ModeResult, style: TerminalOptions['style']): string[] {
  const remedy = leaveModes.find(({ name }) => name === mode)?.remedy;
  return [
    ...leaks.map((leak) => `  ${style('red', 'LEAK')}  ${about}: ${leakText(leak)}`),
    ...(leaks.length > 0 && remedy !== undefined ? [`        ${remedy}`] : []),
    ...oddities.map((oddity) => `  ${style('red', 'ODD')}   ${about}: ${oddity}`),
  ];
}

/** `1.00 timers per disconnect (150 after 150), setInterval 1000 ms created at src/events.ts:14, still live after 5.0 s`. */
export function leakText(leak: Leak): string {
  const { kind, count, perDisconnect, disconnects, afterMs } = leak;
  return `${perDisconnect.toFixed(2)} ${kind}s per disconnect (${count} after ${disconnects}), ${describeHeld(leak)}, still live after ${(afterMs / 1000).toFixed(1)} s`;
}
