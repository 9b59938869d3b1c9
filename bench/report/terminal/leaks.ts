/**
 * Output of `ssebench leaks`: one line for a clean server; for each leak, its source line and what
 * to do.
 */
import type { InspectionKind } from '../../result/leak-result.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { isClean, type ModeResult, type ServerVerdict } from '../../result/leak-result.ts';
import { terminalLines, terminalText } from '../shared/escape.ts';
import { leakText, milliseconds } from '../shared/leak-words.ts';
import type { TerminalOptions } from '../shared/style.ts';

const inspectionWords: Record<InspectionKind, string> = {
  inspector: 'with V8’s inspector',
  probe: 'with V8’s inspector and the probe',
  outside: 'from outside',
};

type Style = TerminalOptions['style'];
const verdictWords: Record<ServerVerdict['state'], (style: Style) => string> = {
  clean: (style) => style('green', 'clean'),
  leaking: (style) => style('red', 'LEAKS'),
  unexpected: (style) => style('red', 'UNEXPECTED'),
  'not inspected': (style) => style('red', 'NOT INSPECTED'),
};

export function leaksReport(
  servers: readonly ServerVerdict[],
  { style }: Pick<TerminalOptions, 'style'>,
): string {
  return servers.map((server) => serverText(server, style)).join('\n');
}

function serverText(
  { server, state, reason, inspection, why, modes }: ServerVerdict,
  style: Style,
): string {
  if (state === 'not inspected')
    return `${verdictWords['not inspected'](style)}  ${terminalLines(`${terminalText(server)}: ${reason}`)}`;
  const clean = modes.filter((mode) => isClean(mode) && mode.skipped === null);
  const disconnects = clean.reduce((sum, mode) => sum + mode.disconnects, 0);
  const cleanText =
    clean.length === 0
      ? ''
      : `: clean after ${disconnects} disconnects: ${clean.map(modeWords).join(', ')}`;
  return [
    `${verdictWords[state](style)}  ${terminalText(`${server}${cleanText} (inspected ${inspectionWords[inspection]})`)}`,
    ...modes.filter((mode) => !isClean(mode)).flatMap((mode) => modeLines(mode, style)),
    ...modes.flatMap(({ about, skipped }) =>
      skipped === null
        ? []
        : [`  ${style('dim', 'skipped')} ${terminalText(`${about}: ${skipped}`)}`],
    ),
    ...(reason === null
      ? []
      : [`  ${style('yellow', 'note')}  ${terminalLines(`incomplete: ${reason}`)}`]),
    ...(why === ''
      ? []
      : [
          `  ${style('yellow', 'note')}  ${terminalText(`inspected from outside, which detects active timers, sockets and files, without source lines: ${why}`)}`,
        ]),
  ].join('\n');
}

/** The mode, such as `reset`, with its other measured figures. */
function modeWords({ about, releaseMs, blockedKbPerStream }: ModeResult): string {
  const figures = [
    ...(releaseMs
      ? [`release: median ${milliseconds(releaseMs.p50)}, longest ${milliseconds(releaseMs.max)}`]
      : []),
    ...(blockedKbPerStream === null ? [] : [`${Math.round(blockedKbPerStream)} KB per stream`]),
  ];
  return figures.length > 0 ? `${about} (${figures.join('; ')})` : about;
}

function modeLines({ mode, about, leaks, unexpected }: ModeResult, style: Style): string[] {
  const remedy = disconnectModes.find(({ name }) => name === mode)?.remedy;
  return [
    ...leaks.map(
      (leak) => `  ${style('red', 'LEAK')}  ${terminalText(`${about}: ${leakText(leak)}`)}`,
    ),
    ...(leaks.length > 0 && remedy !== undefined ? [`        ${remedy}`] : []),
    ...unexpected.map(
      (observation) =>
        `  ${style('red', 'UNEXPECTED')}  ${terminalText(`${about}: ${observation}`)}`,
    ),
  ];
}
