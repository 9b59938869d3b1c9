/**
 * Defines an option with a value: its requirement, and how to read it. Commands have tables of
 * options.
 */
import { z } from 'zod';
import { accepted, refused, type Checked, type Mentions } from './complaint.ts';
import { durationPattern, parseDuration } from './duration.ts';

export interface NamedOption<Value> {
  /** In commander's syntax: `--streams [n]`. */
  flags: string;
  /** For `--help`, including the default. */
  about: string;
  /** All values, if there are only a few; shells complete them. */
  words?: readonly string[];
  /**
   * Converts a text to a value, or `undefined` if it has none. Without this function, the text is
   * the value.
   */
  parse?(text: string): unknown;
  /**
   * @param suchAs formats an example of a value: `such as --streams 50`
   * @returns the value, or the requirement: `must be …`
   */
  check(value: unknown, suchAs: SuchAs): Checked<Value>;
  /** Whether all given values count, instead of only the last. */
  many?: true;
  /** For messages: the typed text without the secrets that such a value may contain. */
  shown?(text: string): string;
}

export type SuchAs = (example: unknown) => string;

/** An option that a config file may also set. */
export interface ConfigurableOption<Value> extends NamedOption<Value> {
  /** The requirement for its value in the file, with an example in the syntax of the file. */
  mustInFile: string;
  schema: z.ZodType<InFile, InFile>;
}

/** The types of values in a config file. */
type InFile = string | number | boolean | readonly string[];

/** A limit beyond what any machine can open. */
export const mostStreams = 1_000_000;

const longestMs = 24 * 3_600_000;

/**
 * A type of value: how to read it, and its schema in a config file. `In` is its type in the file.
 */
interface Kind<Value, In extends InFile> extends Pick<
  ConfigurableOption<Value>,
  'parse' | 'check' | 'mustInFile' | 'words'
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

/** A text with a unit. A program may also pass a number of milliseconds. */
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
    words,
    mustInFile: what,
    schema: z.enum(words) as unknown as z.ZodType<Word, Word>,
    check(value) {
      const found = words.find((word) => word === value);
      return found === undefined ? refused(`must be ${what}`) : accepted(found);
    },
  };
}

/** A switch. It has no value on a command line, and is `true` or `false` in a config file. */
export function yesNo(): Kind<boolean, boolean> {
  const values: Readonly<Record<string, boolean>> = { '': true, true: true, false: false };
  return {
    mustInFile: 'true or false',
    schema: z.boolean(),
    parse: (text) => values[text],
    check: (value) =>
      typeof value === 'boolean' ? accepted(value) : refused('must have no value'),
  };
}

/** A name whose validity is checked elsewhere. */
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

/** The option as a person writes it: `--quiet-streams`. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

export type OptionTable = Readonly<Record<string, NamedOption<unknown>>>;

type ValueOf<Option extends NamedOption<unknown>> = Extract<
  ReturnType<Option['check']>,
  { ok: true }
>['value'];
/** The values by option name; options that were not given are absent. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table]?: Table[Name] extends { many: true }
    ? readonly ValueOf<Table[Name]>[]
    : ValueOf<Table[Name]>;
};

/** The typed words: option → its mentions. */
export type OptionWords = Readonly<Record<string, Mentions | undefined>>;
