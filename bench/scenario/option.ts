/** What an option with a value is: what it must be, and how it is read. Commands have tables of them. */
import { optionAsTyped, type Complain, type Mentions } from './complaint.ts';
import { parseDuration } from './duration.ts';

export interface NamedOption<Value> {
  /** As commander wants it: `--streams [N]`. */
  flags: string;
  /** For `--help`, with the default. */
  about: string;
  /** @returns the value, or what it must be */
  read(text: string): Value | Refusal;
}

/** What was typed is no such value. */
export interface Refusal {
  must: string;
}

const longestMs = 24 * 3_600_000;

export function wholeNumber(min: number, max: number, example: string): NamedOption<number>['read'] {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return { must: `a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}, such as ${example}` };
  };
}

export function duration(minMs: number, example: string): NamedOption<number>['read'] {
  return (text) => {
    const value = parseDuration(text) ?? NaN;
    if (value >= minMs && value <= longestMs && Number.isInteger(value)) return value;
    return { must: `a duration with its unit, in whole milliseconds, from ${minMs}ms to 24h, such as ${example}` };
  };
}

export function oneOf<Word extends string>(words: readonly Word[]): NamedOption<Word>['read'] {
  return (text) => words.find((word) => word === text) ?? { must: words.join(' or ') };
}

/** `--quiet-streams`, as a person writes it. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

type OptionTable = Readonly<Record<string, NamedOption<unknown>>>;
type Values<Table extends OptionTable> = { [Name in keyof Table]?: Exclude<ReturnType<Table[Name]['read']>, Refusal> };

/** What was typed: option → every mention of it. */
export type OptionWords = Readonly<Record<string, Mentions | undefined>>;

const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null && 'must' in value;

/** Reads what was typed, and complains of every mention that is bad; the last good one counts. */
export function readValues<Table extends OptionTable>(table: Table, words: OptionWords, complain: Complain): Values<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    for (const text of words[name] ?? []) {
      const value = option.read(text === true ? '' : text);
      if (isRefusal(value)) complain(`${optionAsTyped(flagOf(option), text)}: must be ${value.must}`);
      else values[name] = value;
    }
  }
  return values as Values<Table>;
}
