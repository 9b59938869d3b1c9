/**
 * The complete config file: what all commands share, and a section for each command that has more
 * options.
 */
import { z } from 'zod';
import { checkOptions } from '../endpoint/options.ts';
import { leaksOptions } from '../leaks/request/leaks-options.ts';
import { visible, visibleValue, whyUnknown } from '../scenario/complaint.ts';
import { configSchema, inFile, readConfig } from '../scenario/config.ts';
import { oneOf, yesNo, type ConfigurableOption, type OptionWords } from '../scenario/option.ts';
import type { RunWords } from '../scenario/run-words.ts';
import { requestOptions } from '../scenario/request-words.ts';
import { failOnWords } from '../verdict/fail-on-words.ts';

type Options = Readonly<Record<string, ConfigurableOption<unknown>>>;

const yes = (flags: string, about: string) => ({ flags, about, ...yesNo() });
const { url: _url, pid: _pid, name: _name, readyWithin: _readyWithin, ...leaks } = leaksOptions;

/** The options of each section. */
export const sections = {
  leaks: {
    ...leaks,
    trace: yes('--trace', 'whether to trace the source line of timers from the start'),
    probe: yes('--no-probe', 'whether to send first requests before the check (default: true)'),
  },
  check: checkOptions,
  compare: {
    failOn: {
      flags: '--fail-on [verdict]',
      about: 'exit with 5 if a metric is worse; inconclusive: also if unclear',
      ...oneOf(failOnWords),
    },
    anyway: yes('--anyway', 'whether to compare although the settings differ'),
  },
} satisfies Readonly<Record<string, Options>>;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as SectionName[];

const sectionSchema = (options: Options) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(options).map(([name, { schema, about }]) => [
          name,
          schema.describe(inFile(about)),
        ]),
      ),
    )
    .partial();

const sectionSchemas = Object.fromEntries(
  sectionNames.map((name) => [
    name,
    sectionSchema(sections[name]).describe(`options that only ssebench ${name} has`),
  ]),
);

/** The JSON Schema of a config file, for editors. */
export const configJsonSchema = (): object =>
  z.toJSONSchema(configSchema.extend(sectionSchemas).partial(), { io: 'input' });

/** A config file in words of a command line. */
export interface ConfigWords {
  /** For `run`. The other commands read its servers and requests. */
  words: RunWords;
  /** The words of each section. */
  sections: Readonly<Record<SectionName, OptionWords>>;
  complaints: string[];
}

export const noSections: ConfigWords['sections'] = { leaks: {}, check: {}, compare: {} };

/**
 * Reads the export of a config file.
 *
 * @param file its name, for complaints
 * @returns the words of all valid keys, and a complaint for each invalid key
 */
export function readConfigFile(file: string, exported: unknown): ConfigWords {
  const isObject = typeof exported === 'object' && exported !== null && !Array.isArray(exported);
  if (!isObject) return { ...readConfig(file, exported), sections: noSections };
  const shared = Object.fromEntries(
    Object.entries(exported).filter(([key]) => !Object.hasOwn(sections, key)),
  );
  const { words, complaints } = readConfig(file, shared, sectionNames);
  const read = sectionNames.map((name) => ({
    name,
    ...readSection(file, name, (exported as Readonly<Record<string, unknown>>)[name]),
  }));
  return {
    words,
    sections: Object.fromEntries(
      read.map(({ name, words: own }) => [name, own]),
    ) as ConfigWords['sections'],
    complaints: [...complaints, ...read.flatMap((each) => each.complaints)],
  };
}

function readSection(
  file: string,
  name: SectionName,
  section: unknown = {},
): { words: OptionWords; complaints: string[] } {
  const at = `${file}: ${name}`;
  const options: Options = sections[name];
  if (typeof section !== 'object' || section === null || Array.isArray(section))
    return {
      words: {},
      complaints: [`${at}: must be an object with options of ssebench ${name}, or be left out`],
    };
  const words: Record<string, OptionWords[string]> = {};
  const complaints: string[] = [];
  for (const [key, value] of Object.entries(section)) {
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option === undefined)
      complaints.push(`${at}.${visible(key)}: ${whyUnknown('key', key, Object.keys(options))}`);
    else if (value === undefined) continue;
    else if (!option.schema.safeParse(value).success)
      complaints.push(`${at}.${key} ${visibleValue(value)}: must be ${option.mustInFile}`);
    else words[key] = wordsOf(option, value);
  }
  return { words, complaints };
}

/** A list is one word with commas, unless each item is a mention of its own. */
function wordsOf({ many }: ConfigurableOption<unknown>, value: unknown): OptionWords[string] {
  if (!Array.isArray(value)) return [String(value)];
  return many ? value.map(String) : [value.join(',')];
}

/**
 * The words of a command: its own, then those of its section, then the requests that all commands
 * share.
 *
 * @param given on the command line
 */
export function withSection(
  given: OptionWords,
  name: SectionName,
  { words, sections: all }: Pick<ConfigWords, 'words' | 'sections'>,
): OptionWords {
  const { options, headers } = words;
  const requests = Object.fromEntries(
    Object.entries(options).filter(([key]) => Object.hasOwn(requestOptions, key)),
  );
  return {
    ...requests,
    ...(headers.length > 0 && { header: headers }),
    ...all[name],
    ...Object.fromEntries(Object.entries(given).filter(([, mentions]) => mentions !== undefined)),
  };
}
