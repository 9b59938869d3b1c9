/** Output of `ssebench watch`: the text of each line. Pure. */
import { describeHeld, mustConfirm } from '../../result/held.ts';
import type { WatchedGrowth, WatchEnd, WatchLine } from '../../result/watch-result.ts';
import { terminalText } from '../shared/escape.ts';
import { counted, formatNumber, formatRoughly, inALine } from '../shared/format.ts';
import { milliseconds } from '../shared/leak-words.ts';
import type { TerminalOptions } from '../shared/style.ts';

type Line<Type extends WatchLine['type']> = Extract<WatchLine, { type: Type }>;
type Style = TerminalOptions['style'];

/** More growing counts would hide the alarms. */
const mostGrowing = 5;

/** The summary reports a bound above this multiple of the disconnects. */
const mostMissed = 1.1;

/** @param everyMs the time between inspections */
export function watchText(
  line: WatchLine,
  everyMs: number,
  { style }: Pick<TerminalOptions, 'style'>,
): string {
  switch (line.type) {
    case 'start':
      return startText(line);
    case 'inspection':
      return [
        `${timeText(line.at)}  ${inspectionText(line)}`,
        ...(line.number === 1 ? firstLines(line, everyMs) : []),
        ...line.growing
          .slice(0, mostGrowing)
          .map((each) => `  ${style('yellow', 'growing')}  ${growingText(each)}`),
      ].join('\n');
    case 'failed':
      return `${timeText(line.at)}  ${style('yellow', 'not inspected')}: ${terminalText(line.reason)}`;
    case 'alarm':
      return alarmLines(line, style).join('\n');
    case 'end':
      return endLines(line, style).join('\n');
  }
}

function startText({ pid, ports, everyMs }: Line<'start'>): string {
  const where = `${ports.length === 1 ? 'port' : 'ports'} ${inALine(ports.map(String))}`;
  return `Watching process ${pid} on ${where}. Each inspection is expected to stop it for 0.15 to 0.7 s, every ${formatRoughly(everyMs)}; the first one measures that. Ctrl-C ends the watch.`;
}

/** In UTC: `2026-01-31 12:00:00Z`. */
const timeText = (at: string) => `${at.slice(0, 19).replace('T', ' ')}Z`;

function inspectionText(line: Line<'inspection'>): string {
  const { number, pauseMs, open, disconnects } = line;
  const closed = number === 1 ? '' : `, ${counted(disconnects, 'disconnect')}`;
  return `inspection ${number}: process stopped for ${milliseconds(pauseMs)}, ${counted(open, 'open connection')}${closed}`;
}

function firstLines({ pauseMs, inspectorWasOpen }: Line<'inspection'>, everyMs: number): string[] {
  const percent = formatNumber((100 * pauseMs) / everyMs);
  return [
    `  At this interval, inspections stop the process for ${percent} % of the time.`,
    inspectorWasOpen
      ? '  Its inspector was already open, so ssebench does not close it.'
      : '  Its inspector is closed between inspections.',
  ];
}

/** `setInterval 1000 ms at src/events.ts:14: 1.00 per disconnect, 1,240 held`. */
const growthText = ({ held, perDisconnect, ...thing }: WatchedGrowth): string =>
  terminalText(
    `${describeHeld({ ...thing, count: held })}: ${perDisconnect.toFixed(2)} per disconnect, ${formatNumber(held)} held`,
  );

const growingText = (growth: WatchedGrowth) =>
  `${growthText(growth)} (${growth.records} of ${growth.needed} records in a row)`;

function alarmLines(alarm: Line<'alarm'>, style: Style): string[] {
  const { grown, disconnects, since, consequences, advice, kind, place } = alarm;
  const evidence = `${formatNumber(Math.round(grown))} more after ${counted(disconnects, 'disconnect')} since ${timeText(since)}`;
  return [
    `${timeText(alarm.at)}  ${style('red', 'ALARM')}  ${growthText(alarm)} (${evidence})`,
    ...consequences.map(
      ({ perDisconnect, ...held }) =>
        `  with it: ${terminalText(`${describeHeld({ ...held, count: 0 })}: ${perDisconnect.toFixed(2)} per disconnect`)}`,
    ),
    `  ${terminalText(advice)}`,
    ...(mustConfirm(kind)
      ? [
          '  A cache that is not full yet grows too. To exclude it, add its description to --ignore.',
        ]
      : []),
    ...(place === undefined
      ? [
          `  To find the source line, ${kind === 'entry' ? 'watch with --snapshot, or ' : ''}check the server with: ssebench leaks`,
        ]
      : []),
  ];
}

const because: Readonly<Record<WatchEnd['because'], string>> = {
  limit: 'The watch is over',
  interrupted: 'The watch was interrupted',
  exited: 'The process has ended',
  failed: 'The process cannot be inspected',
};

function endLines(end: WatchEnd, style: Style): string[] {
  const { reason, inspections, disconnects, longestPauseMs, alarms } = end;
  const pause = longestPauseMs === null ? '' : `, longest stop ${milliseconds(longestPauseMs)}`;
  return [
    `${because[end.because]}${reason === null ? '' : `: ${terminalText(reason)}`}.`,
    `${counted(inspections, 'inspection')}, ${counted(disconnects, 'disconnect')}${pause}.`,
    ...missedLines(end),
    ...alarms.map((each) => `${style('red', 'ALARM')}  ${growthText(each)}`),
    ...(alarms.length > 0 ? [] : [verdictText(end, style)]),
  ];
}

/** The bound says little on a machine with many servers, so it is only in the summary. */
function missedLines({ disconnects, disconnectsAtMost }: WatchEnd): string[] {
  if (disconnectsAtMost === null || disconnectsAtMost <= mostMissed * disconnects) return [];
  return [
    `Up to ${formatNumber(disconnectsAtMost - disconnects)} more connections closed: to other servers of this machine, or too soon to be seen.`,
  ];
}

function verdictText({ isJudged, inspections, needed }: WatchEnd, style: Style): string {
  return isJudged
    ? `${style('green', 'no alarm')}: nothing grew with the disconnects at ${needed - 1} inspections in a row.`
    : `${style('yellow', 'no verdict')} after ${counted(inspections, 'inspection')}: an alarm needs ${needed}.`;
}
