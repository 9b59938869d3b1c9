/**
 * Output of `ssebench leaks`. The first line of each server is its verdict; for each leak follow its
 * source line and what to do.
 */
import { placeText } from '../../result/held.ts';
import { findingsOf } from '../../result/leak-findings.ts';
import {
  isClean,
  untestedIn,
  type InspectionKind,
  type LeakFinding,
  type ModeResult,
  type ServerVerdict,
} from '../../result/leak-result.ts';
import { terminalLines, terminalText } from '../shared/escape.ts';
import { counted, inALine } from '../shared/format.ts';
import {
  consequenceText,
  deathText,
  findingText,
  milliseconds,
  untestedText,
} from '../shared/leak-words.ts';
import type { TerminalOptions } from '../shared/style.ts';
import { workFindings, type WorkFinding } from '../../result/work-words.ts';

const inspectionWords: Record<InspectionKind, string> = {
  inspector: 'with V8’s inspector',
  probe: 'with V8’s inspector and the probe',
  outside: 'from outside',
};

type Style = TerminalOptions['style'];
const labels: Record<ServerVerdict['state'], { color: 'green' | 'red'; text: string }> = {
  clean: { color: 'green', text: 'clean' },
  leaking: { color: 'red', text: 'LEAKS' },
  unexpected: { color: 'red', text: 'UNEXPECTED' },
  died: { color: 'red', text: 'DIED' },
  'not tested': { color: 'red', text: 'NOT TESTED' },
  'not inspected': { color: 'red', text: 'NOT INSPECTED' },
};

export function leaksReport(
  servers: readonly ServerVerdict[],
  { style }: Pick<TerminalOptions, 'style'>,
): string {
  return servers.map((server) => serverText(server, style)).join('\n');
}

function serverText(verdict: ServerVerdict, style: Style): string {
  const { state, reason, why, modes, mustTestAll, findings, unexpected = [] } = verdict;
  const tried = modes.filter(({ skipped }) => skipped === null);
  const { color, text } = labels[state];
  const head = `${style(color, text)}  ${terminalText(verdict.server)}: ${headOf(verdict)}`;
  if (state === 'not inspected') return head;
  const clean = isAllClean(state) ? [] : modes.filter(isTriedAndClean);
  const line = (label: string, what: string) => `  ${label}  ${terminalText(what)}`;
  return [
    head,
    ...(findings ?? findingsOf(modes)).flatMap((finding) =>
      findingLines(finding, tried.length, style),
    ),
    ...unexpected.map((observation) => line(style('red', 'UNEXPECTED'), observation)),
    ...modes.flatMap((mode) => unexpectedLines(mode, style)),
    ...workFindings(modes).flatMap((finding) => workLines(finding, style)),
    ...(clean.length > 0 ? [line(style('green', 'clean'), cleanText(clean))] : []),
    ...untestedIn(modes).map(({ about, skipped }) =>
      line(style(mustTestAll ? 'red' : 'yellow', 'skipped'), `${about}: ${skipped}`),
    ),
    ...(state === 'not tested' ? [line(style('yellow', 'note'), whyNotPassed)] : []),
    ...(reason === null || state === 'died'
      ? []
      : [`  ${style('yellow', 'note')}  incomplete: ${reasonLines(reason)}`]),
    ...(why === ''
      ? []
      : [
          line(
            style('yellow', 'note'),
            `inspected from outside, which detects active timers, sockets and files, without source lines: ${why}`,
          ),
        ]),
  ].join('\n');
}

/**
 * A reason can end with the last output of the server. It is indented deeper than the lines of
 * ssebench, so that the server cannot print a line that looks like a leak.
 */
const reasonLines = (reason: string): string => terminalLines(reason).replaceAll('\n', '\n    ');

const isAllClean = (state: ServerVerdict['state']) => state === 'clean' || state === 'not tested';

const whyNotPassed =
  'a mode that --modes names must not be skipped, and with --strict no mode; make it possible, or name only the other modes';

const isTriedAndClean = (mode: ModeResult): boolean => mode.skipped === null && isClean(mode);

/**
 * The verdict in one line: how many modes it is based on, where the leaks are, and what was not
 * tested.
 */
function headOf({ state, reason, death, inspection, modes, findings }: ServerVerdict): string {
  if (death) return `${terminalText(deathText(death))}: ${reasonLines(String(reason))}`;
  if (state === 'not inspected') return reasonLines(String(reason));
  const tried = modes.filter(({ skipped }) => skipped === null);
  const how = `inspected ${inspectionWords[inspection]}`;
  const untested = untestedText(modes);
  if (isAllClean(state))
    return terminalText(
      untested === ''
        ? `clean after ${cleanText(tried)} (${how})`
        : `clean, but not tested: ${untested}; tested with ${cleanText(tried)} (${how})`,
    );
  const isLeaking = state === 'leaking';
  const bad = tried.filter(
    ({ leaks, unexpected }) => (isLeaking ? leaks : unexpected).length > 0,
  ).length;
  const what = isLeaking
    ? leaksIn(findings ?? findingsOf(modes))
    : 'unexpected observations by clients';
  if (bad === 0) return `${what} (${how})`;
  const not = untested === '' ? '' : `, not tested: ${untested}`;
  return terminalText(
    `${what} in ${bad} of ${counted(tried.length, 'disconnect mode')}${not} (${how})`,
  );
}

/** `leaks at src/events.ts:14`; without places if none is known. */
function leaksIn(findings: readonly LeakFinding[]): string {
  const places = new Set(findings.flatMap(({ place }) => (place ? [placeText(place)] : [])));
  return places.size > 0 ? `leaks at ${inALine([...places])}` : 'leaks';
}

function cleanText(modes: readonly ModeResult[]): string {
  const disconnects = modes.reduce((sum, mode) => sum + mode.disconnects, 0);
  return `${counted(disconnects, 'disconnect')}: ${modes.map(modeWords).join(', ')}`;
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

function findingLines(finding: LeakFinding, tried: number, style: Style): string[] {
  const { consequences, advice } = finding;
  return [
    `  ${style('red', 'LEAK')}  ${terminalText(findingText(finding, tried))}`,
    ...consequences.map(
      (consequence) => `        with it: ${terminalText(consequenceText(consequence))}`,
    ),
    `        ${terminalText(advice)}`,
  ];
}

function workLines({ about, worksOn, text, advice }: WorkFinding, style: Style): string[] {
  const label = style(worksOn ? 'yellow' : 'dim', 'work');
  return [
    `  ${label}  ${terminalText(`${about}: ${text}`)}`,
    ...(advice === '' ? [] : [`        ${terminalText(advice)}`]),
  ];
}

const unexpectedLines = ({ about, unexpected }: ModeResult, style: Style): string[] =>
  unexpected.map(
    (observation) => `  ${style('red', 'UNEXPECTED')}  ${terminalText(`${about}: ${observation}`)}`,
  );
