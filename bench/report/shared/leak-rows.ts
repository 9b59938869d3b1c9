/** Findings of a leak check, a row for each, for reports with tables. */
import { placeText } from '../../result/held.ts';
import { findingsOf } from '../../result/leak-findings.ts';
import { isClean, untestedIn, type ServerVerdict } from '../../result/leak-result.ts';
import { workFindings } from '../../result/work-words.ts';
import { deathText, modesText, textWithConsequences } from './leak-words.ts';

export interface LeakRow {
  server: string;
  /** The disconnect modes. */
  mode: string;
  text: string;
  /** Source line, such as `src/events.ts:14`; empty if it is unknown, or nothing is wrong. */
  place: string;
  /** Advice: the change that fixes it. */
  remedy: string;
  isBad: boolean;
}

export const leakRows = (verdicts: readonly ServerVerdict[]): LeakRow[] => verdicts.flatMap(rowsOf);

function rowsOf(verdict: ServerVerdict): LeakRow[] {
  const {
    server,
    state,
    reason,
    modes,
    mustTestAll,
    death,
    findings: found,
    unexpected: unexpectedBefore = [],
  } = verdict;
  const row = (mode: string, text: string, more: Partial<LeakRow> = {}): LeakRow => ({
    server,
    mode,
    text,
    place: '',
    remedy: '',
    isBad: true,
    ...more,
  });
  const tried = modes.filter(({ skipped }) => skipped === null).length;
  const clean = modes.filter((mode) => mode.skipped === null && isClean(mode));
  const disconnects = clean.reduce((sum, mode) => sum + mode.disconnects, 0);
  return [
    ...(found ?? findingsOf(modes)).map((each) =>
      row(modesText(each, tried), textWithConsequences(each), {
        place: each.place ? placeText(each.place) : '',
        remedy: each.advice,
      }),
    ),
    ...unexpectedBefore.map((observation) => row('', observation)),
    ...modes.flatMap(({ about, unexpected }) =>
      unexpected.map((observation) => row(about, observation)),
    ),
    ...workFindings(modes).map(({ about, text, advice }) =>
      row(about, text, { remedy: advice, isBad: false }),
    ),
    ...(clean.length > 0
      ? [
          row(
            clean.map(({ about }) => about).join(', '),
            `clean after ${disconnects} disconnects`,
            { isBad: false },
          ),
        ]
      : []),
    ...untestedIn(modes).map(({ about, skipped }) =>
      row(about, `not tested: ${skipped}`, { isBad: mustTestAll === true }),
    ),
    ...(death
      ? [
          row(death.about, `${deathText(death)}: ${reason}`, {
            place: death.place ? placeText(death.place) : '',
          }),
        ]
      : []),
    ...(state === 'not inspected' || (reason !== null && !death)
      ? [row('', `${state === 'not inspected' ? 'not inspected' : 'incomplete'}: ${reason}`)]
      : []),
  ];
}
