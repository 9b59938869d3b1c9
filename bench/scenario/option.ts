/** What an option with a value is: what it must be, and how it is read. Commands have tables of them. */
import { z } from 'zod';
import { accepted, refused, type Checked, type Mentions } from './complaint.ts';
import { durationPattern, parseDuration } from './duration.ts';

export interface NamedOption<Value> {
  /** As commander wants it: `--streams [N]`. */
  flags: string;
  /** For `--help`, with the default. */
  about: string;
  /** The value that a text stands for, `undefined` if for none; without it, the text itself. */
  parse?(text: string): unknown;
  /**
   * @param suchAs writes an example of a value: `such as --streams 50`
   * @returns the value, or what it must be: `must be …`
   */
  check(value: unknown, suchAs: SuchAs): Checked<Value>;
  /** Whether all values that are given count, and not only the last. */
  many?: true;
  /** For messages: what was typed, without the secrets that such a value may hold. */
  shown?(text: string): string;
}

export type SuchAs = (example: unknown) => string;

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
  'parse' | 'check' | 'mustInFile'
> {
  schema: z.ZodType<In, In>;
}

export function wholeNumber(min: number, max: number, example: number): Kind<number, number> {
  const what = `a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  return {
    mustInFile: `${what}, such as ${example}`,
    schema: z.int().min(min).max(max),
    parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
    check: (value, suchAs) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max
        ? accepted(Number(value))
        : refused(`must be ${what}, ${suchAs(example)}`),
  };
}

/** A text with a unit; a program may give a number of milliseconds. */
export function duration(minMs: number, example: string): Kind<number, string> {
  const what = `a duration with its unit, in whole milliseconds, from ${minMs}ms to 24h`;
  const check: Kind<number, string>['check'] = (value, suchAs) => {
    const ms = typeof value === 'string' ? parseDuration(value) : value;
    return Number.isInteger(ms) && Number(ms) >= minMs && Number(ms) <= longestMs
      ? accepted(Number(ms))
      : refused(`must be ${what}, ${suchAs(example)}`);
  };
  return {
    mustInFile: `${what}, such as "${example}"`,
    check,
    schema: z
      .string()
      .regex(durationPattern)
      .refine((text) => check(text, String).ok),
  };
}

export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]): Kind<Word, Word> {
  const what = words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : words[0];
  return {
    mustInFile: what,
    schema: z.enum(words) as unknown as z.ZodType<Word, Word>,
    check(value) {
      const found = words.find((word) => word === value);
      return found === undefined ? refused(`must be ${what}`) : accepted(found);
    },
  };
}

/** A name, of which others know whether there is such a thing. */
export function anyName(what: string, example: string): Kind<string, string> {
  return {
    mustInFile: `${what}, such as "${example}"`,
    schema: z.string().min(1),
    check: (value, suchAs) =>
      typeof value === 'string' && value !== ''
        ? accepted(value)
        : refused(`must be ${what}, ${suchAs(example)}`),
  };
}

/** `--quiet-streams`, as a person writes it. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

export type OptionTable = Readonly<Record<string, NamedOption<unknown>>>;

type ValueOf<Option extends NamedOption<unknown>> = Extract<
  ReturnType<Option['check']>,
  { ok: true }
>['value'];
/** What was read, by the options' names; nothing of an option that was not given. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table]?: Table[Name] extends { many: true }
    ? readonly ValueOf<Table[Name]>[]
    : ValueOf<Table[Name]>;
};

/** What was typed: option → every mention of it. */
export type OptionWords = Readonly<Record<string, Mentions | undefined>>;
