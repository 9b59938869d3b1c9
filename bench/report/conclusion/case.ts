/** A case of the conclusion, and helpers for its sentence. */
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { inALine } from '../shared/format.ts';

export interface Case {
  /** The subject of the case; unique. */
  name: string;
  /**
   * @returns the finding and the next step, in one or two sentences; `undefined` if the case does
   * not apply
   */
  say(result: RunResult, findings: Findings): string | undefined;
}

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

/** The first line of a text, with a full stop. */
export function sentence(text: string): string {
  const line = text.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
