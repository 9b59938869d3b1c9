/** Findings of a leak check, a row for each, for reports with tables. */
import { placeText } from '../../result/held.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { isClean, type ServerVerdict } from '../../result/leak-result.ts';
import { leakText } from './leak-words.ts';

export interface LeakFinding {
  server: string;
  /** The disconnect mode. */
  mode: string;
  text: string;
  /** Source line, such as `src/events.ts:14`; empty if it is unknown, or nothing is wrong. */
  place: string;
  /** Advice: the change that fixes it. */
  remedy: string;
  isBad: boolean;
}

export const leakFindings = (verdicts: readonly ServerVerdict[]): LeakFinding[] =>
  verdicts.flatMap(findingsOf);

function findingsOf({ server, state, reason, modes }: ServerVerdict): LeakFinding[] {
  const finding = (mode: string, text: string, more: Partial<LeakFinding> = {}): LeakFinding => ({
    server,
    mode,
    text,
    place: '',
    remedy: '',
    isBad: true,
    ...more,
  });
  const clean = modes.filter((mode) => mode.skipped === null && isClean(mode));
  const disconnects = clean.reduce((sum, mode) => sum + mode.disconnects, 0);
  return [
    ...modes.flatMap(({ mode, about, leaks, unexpected }) => {
      const remedy = disconnectModes.find(({ name }) => name === mode)?.remedy ?? '';
      return [
        ...leaks.map((leak) =>
          finding(about, leakText(leak), {
            place: leak.place ? placeText(leak.place) : '',
            remedy,
          }),
        ),
        ...unexpected.map((observation) => finding(about, observation)),
      ];
    }),
    ...(clean.length > 0
      ? [
          finding(
            clean.map(({ about }) => about).join(', '),
            `clean after ${disconnects} disconnects`,
            { isBad: false },
          ),
        ]
      : []),
    ...(state === 'not inspected' || reason !== null
      ? [finding('', `${state === 'not inspected' ? 'not inspected' : 'incomplete'}: ${reason}`)]
      : []),
  ];
}
