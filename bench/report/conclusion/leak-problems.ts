/** Problems that a leak check found. Pure. */
import { findingsOf, totalOf } from '../../result/leak-findings.ts';
import { deathText, leakText } from '../shared/leak-words.ts';
import { firstOf, namesOf, sentence, type Case } from './case.ts';

export const leakProblems: readonly Case[] = [
  {
    name: 'leak',
    say({ leaks }) {
      const leaking = leaks.filter(({ state }) => state === 'leaking');
      const [first] = leaking.flatMap(({ modes, findings = findingsOf(modes) }) => findings);
      if (!first) return undefined;
      return leaking.length === 1
        ? sentence(`${leaking[0]!.server} leaks: ${leakText(totalOf(first))}`)
        : `${namesOf(leaking)} leak after their streams close. The leaks are listed below.`;
    },
  },
  {
    name: 'unexpected in the leak check',
    say({ leaks }) {
      const all = leaks.filter(({ state }) => state === 'unexpected');
      const [first] = all;
      const [what] = [first, ...(first?.modes ?? [])].flatMap((each) => each?.unexpected ?? []);
      return firstOf(
        all,
        'affected',
        ({ server }) => `The leak check of ${server} failed: ${what}`,
      );
    },
  },
  {
    name: 'died in the leak check',
    say({ leaks }) {
      return firstOf(
        leaks.filter(({ state }) => state === 'died'),
        'affected',
        ({ server, death }) => `In the leak check, ${server} ${deathText(death!)}`,
      );
    },
  },
  {
    name: 'not inspected',
    say({ leaks }) {
      return firstOf(
        leaks.filter(({ state }) => state === 'not inspected'),
        'not inspected',
        ({ server, reason }) => `The leak check could not inspect ${server}: ${reason}`,
      );
    },
  },
];
