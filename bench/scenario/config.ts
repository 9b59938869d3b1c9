/** The scenario file, `ssebench.config.ts`: its form, and how it becomes the words of a command line. */
import { z } from 'zod';
import { nearest, visible } from './complaint.ts';
import { runOptions } from './options.ts';
import { presets } from './presets.ts';
import type { RunWords } from './run-words.ts';
import { textWithoutSecrets } from './secrets.ts';

type OptionName = keyof typeof runOptions;
type OptionSchemas = { [Name in OptionName]: (typeof runOptions)[Name]['schema'] };

const optionSchemas = Object.fromEntries(
  Object.entries(runOptions).map(([name, { schema, about }]) => [name, schema.describe(about)]),
) as unknown as OptionSchemas;

/** All keys may be left out. Nothing else may be in it but `$schema`, by which editors find the form of JSON. */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('where the form of this file is'),
    servers: z
      .array(z.string())
      .describe('names of reference servers, and URLs (default: all reference servers)'),
    ...optionSchemas,
    headers: z.record(z.string(), z.string()).describe('request headers'),
    expect: z
      .array(z.string())
      .describe('what must hold for every server, such as "delivery.p99 < 50ms"'),
  })
  .partial();

/** What a scenario file says: the options of `ssebench run` under their own names, in `quietStreams` for `--quiet-streams`. */
export type Config = z.input<typeof configSchema>;

/** Gives the editor the types of a scenario file: `export default defineConfig({ … })`. */
export const defineConfig = (config: Config): Config => config;

const musts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(runOptions).map(([name, { mustInFile }]) => [name, mustInFile]),
  ),
  $schema: 'text',
  servers: 'a list of names of servers and URLs, such as ["express", "hono"]',
  headers: 'names of headers and their values, such as { "Authorization": "Bearer abc" }',
  expect: 'a list of expectations, such as ["delivery.p99 < 50ms"]',
};

/**
 * Reads what a scenario file exports.
 *
 * @param file its name, for complaints
 * @returns the words that say the same on a command line, of all keys that are right, and a complaint for each that is not
 */
export function readConfig(
  file: string,
  exported: unknown,
): { words: RunWords; complaints: string[] } {
  const none: RunWords = { servers: [], options: {}, headers: [], expect: [] };
  const isObject = typeof exported === 'object' && exported !== null && !Array.isArray(exported);
  if (!isObject)
    return {
      words: none,
      complaints: [
        `${file}: must export an object by default, such as export default defineConfig({ streams: 500 })`,
      ],
    };
  const { error } = configSchema.safeParse(exported);
  const issues = error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const bad = new Set(
    issues.flatMap(({ path: [key] }) => (key === undefined ? [] : [String(key)])),
  );
  // What headers say, and users and passwords in URLs, may be secret.
  const value = (key: string) =>
    ['headers', 'servers', 'against'].includes(key)
      ? ''
      : textWithoutSecrets(
          JSON.stringify((exported as Record<string, unknown>)[key]) ?? 'undefined',
        );
  const complaints = [
    ...unknown.map((key) => `${file}: ${visible(key)}: ${whyNoKey(key)}`),
    ...[...bad].map((key) => `${file}: ${`${key} ${value(key)}`.trim()}: must be ${musts[key]}`),
  ];
  const {
    servers = [],
    headers = {},
    expect = [],
    ...options
  }: Config = Object.fromEntries(Object.entries(exported).filter(([key]) => !bad.has(key)));
  const known = Object.entries(options).filter(
    ([key, given]) => Object.hasOwn(runOptions, key) && given !== undefined,
  );
  const words = {
    servers,
    options: Object.fromEntries(known.map(([key, given]) => [key, [String(given)]])),
    headers: Object.entries(headers).map(([name, given]) => `${name}: ${given}`),
    expect,
  };
  return { words, complaints };
}

function whyNoKey(key: string): string {
  const keys = Object.keys(configSchema.shape);
  const camel = key
    .replace(/^-+/, '')
    .replaceAll(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const meant = nearest(
    camel,
    keys.map((each) => each.toLowerCase()),
  );
  const name = keys.find((each) => each.toLowerCase() === meant);
  return `no such key; ${name === undefined ? `choose from ${keys.join(', ')}` : `did you mean ${name}?`}`;
}

/** The words of the preset that they name, if any, with what was said beside it before it. */
export function withPreset(words: RunWords): RunWords {
  const name = words.options.scenario?.at(-1);
  const preset =
    typeof name === 'string' && Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset === undefined) return words;
  const hasUrl = words.servers.some((server) => server.includes('://'));
  const config = {
    ...preset.config,
    ...(hasUrl && preset.expectOfUrls && { expect: [...preset.expectOfUrls] }),
  };
  return withConfig(words, readConfig(name as string, config).words);
}

/**
 * What is asked for in all, but for what a scenario stands for. One that was typed is a load of its own: of the file it takes
 * only what is none, so that what the file says of its own load does not change it.
 */
export function withFile(typed: RunWords, file: RunWords): RunWords {
  if (typed.options.scenario === undefined) return withConfig(typed, file);
  const { against } = file.options;
  return withConfig(typed, { ...file, options: { ...(against && { against }) }, expect: [] });
}

/** What stands on the command line replaces what the file says under the same name. */
export function withConfig(
  typed: RunWords,
  { servers, options, headers, expect }: RunWords,
): RunWords {
  return {
    ...typed,
    servers: typed.servers.length > 0 ? typed.servers : servers,
    options: {
      ...options,
      ...Object.fromEntries(
        Object.entries(typed.options).filter(([, given]) => given !== undefined),
      ),
    },
    headers: typed.headers.length > 0 ? typed.headers : headers,
    expect: typed.expect.length > 0 ? typed.expect : expect,
  };
}

/** For editors, of a scenario file in JSON. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
