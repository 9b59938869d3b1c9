/** A case of the conclusion, and helpers for its sentence. */
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { counted, inALine } from '../shared/format.ts';

export interface Statement {
  /** A few sentences, with names and messages that a server chose: escape it. */
  text: string;
  isProblem: boolean;
}

export interface Case {
  /** The subject of the case; unique. */
  name: string;
  /**
   * @returns the finding and the next step, in one or two sentences; `undefined` if the case does
   * not apply
   */
  say(result: RunResult, findings: Findings): string | undefined;
}

/** The text of a statement of this sort; `undefined` if it is of the other. */
export const textOf = (statement: Statement | undefined, isProblem: boolean): string | undefined =>
  statement?.isProblem === isProblem ? statement.text : undefined;

const mostNames = 3;

/** The names of the servers, or their number if there are many. */
export const namesOf = (servers: readonly { server: string }[]): string =>
  servers.length <= mostNames
    ? inALine(servers.map(({ server }) => server))
    : `${servers.length} servers`;

/** The first items, and how many more there are. */
export function someOf(items: readonly string[]): string {
  const others = items.length - mostNames;
  return inALine(others > 0 ? [...items.slice(0, mostNames), `${others} more`] : items);
}

/** `2 other servers are also affected.` Empty if there are none. */
export const othersToo = (count: number, what: string): string[] =>
  count > 0
    ? [`${counted(count, 'other server')} ${count === 1 ? 'is' : 'are'} also ${what}.`]
    : [];

/** The first line of a text, with a full stop. */
export function sentence(text: string): string {
  const line = text.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** The first server in a sentence, and the number of others. */
export function firstOf<Item>(
  all: readonly Item[],
  what: string,
  say: (item: Item) => string,
): string | undefined {
  return all.length === 0
    ? undefined
    : [sentence(say(all[0]!)), ...othersToo(all.length - 1, what)].join(' ');
}
