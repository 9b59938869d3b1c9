/** What an option with a value is: what it must be, and how it is read. Commands have tables of them. */
import { z } from 'zod';
import {
  accepted,
  optionAsTyped,
  refused,
  type Checked,
  type Complain,
  type Mentions,
} from './complaint.ts';
import { durationPattern, parseDuration } from './duration.ts';

export interface NamedOption<Value> {
  /** As commander wants it: `--streams [N]`. */
  flags: string;
  /** For `--help`, with the default. */
  about: string;
  /** @returns the value, or what it must be: `must be …` */
  read(text: string): Checked<Value>;
  /** For messages: what was typed, without the secrets that such a value may hold. */
  shown?(text: string): string;
}

/** An option that a config file may set too. */
export interface ConfigurableOption<Value> extends NamedOption<Value> {
  /** What its value there must be, with an example as it stands there. */
  mustInFile: string;
  schema: z.ZodType<string | number, string | number>;
}

/** More than any machine can open. */
export const mostStreams = 1_000_000;

const longestMs = 24 * 3_600_000;

/** What a value is: how it is read, and what a config file may have. `In` is what stands there. */
interface Kind<Value, In extends string | number> extends Pick<
  ConfigurableOption<Value>,
  'read' | 'mustInFile'
> {
  schema: z.ZodType<In, In>;
}

/** @param example as it is typed: `--rounds 6` */
export function wholeNumber(min: number, max: number, example: string): Kind<number, number> {
  const what = `a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  const must = `must be ${what}, such as ${example}`;
  return {
    mustInFile: `${what}, such as ${valueOf(example)}`,
    schema: z.int().min(min).max(max),
    read(text) {
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? accepted(value) : refused(must);
    },
  };
}

export function duration(minMs: number, example: string): Kind<number, string> {
  const what = `a duration with its unit, in whole milliseconds, from ${minMs}ms to 24h`;
  const must = `must be ${what}, such as ${example}`;
  const read = (text: string) => {
    const value = parseDuration(text) ?? NaN;
    const isAllowed = value >= minMs && value <= longestMs && Number.isInteger(value);
    return isAllowed ? accepted(value) : refused(must);
  };
  return {
    mustInFile: `${what}, such as "${valueOf(example)}"`,
    read,
    schema: z
      .string()
      .regex(durationPattern)
      .refine((text) => read(text).ok),
  };
}

export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]): Kind<Word, Word> {
  const must = words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : words[0];
  return {
    mustInFile: must,
    schema: z.enum(words) as unknown as z.ZodType<Word, Word>,
    read(text) {
      const found = words.find((word) => word === text);
      return found === undefined ? refused(`must be ${must}`) : accepted(found);
    },
  };
}

/** What stands behind the option. */
const valueOf = (example: string) => example.split(' ')[1]!;

/** A name, of which others know whether there is such a thing. */
export function anyName(what: string, example: string): Kind<string, string> {
  return {
    mustInFile: `${what}, such as "${valueOf(example)}"`,
    schema: z.string().min(1),
    read: (text) => (text === '' ? refused(`must be ${what}, such as ${example}`) : accepted(text)),
  };
}

/** `--quiet-streams`, as a person writes it. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

type OptionTable = Readonly<Record<string, NamedOption<unknown>>>;
/** What was read, by the options' names; nothing of an option that was not given. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table]?: Extract<ReturnType<Table[Name]['read']>, { ok: true }>['value'];
};

/** What was typed: option → every mention of it. */
export type OptionWords = Readonly<Record<string, Mentions | undefined>>;

/** Reads what was typed, and complains of every mention that is bad; the last good one counts. */
export function readValues<Table extends OptionTable>(
  table: Table,
  words: OptionWords,
  complain: Complain,
): OptionValues<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    for (const text of words[name] ?? []) {
      const read = option.read(text === true ? '' : text);
      const shown = text === true ? text : (option.shown?.(text) ?? text);
      if (read.ok) values[name] = read.value;
      else
        for (const reason of read.complaints)
          complain(`${optionAsTyped(flagOf(option), shown)}: ${reason}`);
    }
  }
  return values as OptionValues<Table>;
}
