/** Turns the options given on a command line or in a program into checked values. */
import { inspect } from 'node:util';
import { optionAsTyped, visible, type Complain } from './complaint.ts';
import { flagOf, type OptionTable, type OptionValues, type OptionWords } from './option.ts';
import { textWithoutSecrets } from './secrets.ts';

/** One value given for an option. */
export interface Given {
  option: string;
  value: unknown;
  /** The option with its value as written, without secrets: `--streams 0`. */
  shown: string;
}

/** The syntax of options, on a command line or in a program. */
export interface Wording {
  /** `--pid`, or `pid` */
  name(option: string): string;
  /** `--pid 4711`, or `pid: 4711` */
  example(option: string, value: unknown): string;
}

/** A switch is in no table, so this uses its own name. */
export function onCommandLine(table: OptionTable): Wording {
  const name = (option: string) => (table[option] ? flagOf(table[option]) : `--${option}`);
  return { name, example: (option, value) => optionAsTyped(name(option), textOf(value)) };
}

export const inProgram: Wording = {
  name: (option) => option,
  example: (option, value) => `${option}: ${inspect(value, inOneLine)}`,
};

const inOneLine = { breakLength: Infinity };

/** The value in command-line syntax: lists with commas, and JSON. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Every mention of every option, with the value of its text. */
export function givenInWords(table: OptionTable, words: OptionWords): Given[] {
  return Object.entries(table).flatMap(([option, row]) =>
    (words[option] ?? []).map((mention) => {
      const text = mention === true ? '' : mention;
      const shown = mention === true ? mention : (row.shown?.(text) ?? text);
      return {
        option,
        value: row.parse ? row.parse(text) : text,
        shown: optionAsTyped(flagOf(row), shown),
      };
    }),
  );
}

/** A setting that is `undefined` counts as not given. */
export function givenInProgram(
  table: OptionTable,
  settings: Readonly<Record<string, unknown>>,
): Given[] {
  return Object.entries(table).flatMap(([option, { many, shown }]) => {
    const setting = settings[option];
    if (setting === undefined) return [];
    const values: readonly unknown[] = many && Array.isArray(setting) ? setting : [setting];
    return values.map((value) => {
      const text = shown
        ? visible(shown(String(value)))
        : textWithoutSecrets(inspect(value, inOneLine));
      return { option, value, shown: `${option} ${text}` };
    });
  });
}

/**
 * Complains about every invalid value. The last valid one counts, or all if the option allows many.
 */
export function checkValues<Table extends OptionTable>(
  table: Table,
  given: readonly Given[],
  wording: Wording,
  complain: Complain,
): OptionValues<Table> {
  const values: Record<string, unknown> = {};
  for (const { option, value, shown } of given) {
    const { check, many } = table[option]!;
    const checked = check(value, (example) => `such as ${wording.example(option, example)}`);
    if (!checked.ok) for (const reason of checked.complaints) complain(`${shown}: ${reason}`);
    else if (many) values[option] = [...((values[option] as unknown[]) ?? []), checked.value];
    else values[option] = checked.value;
  }
  return values as OptionValues<Table>;
}

/** Reads and checks the words of a command line. */
export function readValues<Table extends OptionTable>(
  table: Table,
  words: OptionWords,
  complain: Complain,
): OptionValues<Table> {
  return checkValues(table, givenInWords(table, words), onCommandLine(table), complain);
}
