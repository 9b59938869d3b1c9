/**
 * The config file, `ssebench.config.ts`: its schema, and its translation to words of a command
 * line.
 */
import { z } from 'zod';
import { visible, visibleValue, whyUnknown } from './complaint.ts';
import { runOptions } from './options.ts';
import {
  requestRequirements,
  requestSchemas,
  requestWordsOf,
  withPlainHeaders,
} from './request-config.ts';
import { ownServerSchema } from './own-servers/schema.ts';
import { readServerList } from './own-servers/server-list.ts';
import type { RunWords } from './run-words.ts';

/** In a file, an option that is repeatable on the command line is a list. */
export const inFile = (about: string): string => about.replace(/; repeatable$/, '');

type OptionName = keyof typeof runOptions;
type OptionSchemas = { [Name in OptionName]: (typeof runOptions)[Name]['schema'] };

const optionSchemas = Object.fromEntries(
  Object.entries(runOptions).map(([name, { schema, about }]) => [
    name,
    schema.describe(inFile(about)),
  ]),
) as unknown as OptionSchemas;

/**
 * All keys are optional. Other keys are invalid, except `$schema`, which tells editors the JSON
 * Schema.
 */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('URL of the JSON Schema of this file, for editors'),
    servers: z
      .array(z.union([z.string(), ownServerSchema]))
      .describe(
        'names of reference servers, URLs, and your own servers (default: all reference servers)',
      ),
    ...optionSchemas,
    ...requestSchemas,
    expect: z
      .array(z.string())
      .describe('expectations for every server, such as "delivery.p99 < 50ms"'),
  })
  .partial();

/**
 * The content of a config file: the options of `ssebench run` in camel case, `quietStreams` for
 * `--quiet-streams`.
 */
export type Config = z.input<typeof configSchema>;

const requirements: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(runOptions).map(([name, { mustInFile }]) => [name, mustInFile]),
  ),
  $schema: 'text',
  servers: 'a list of names, URLs and own servers, such as ["express", "hono"]',
  ...requestRequirements,
  expect: 'a list of expectations, such as ["delivery.p99 < 50ms"]',
};

/**
 * Reads the export of a config file.
 *
 * @param file its name, for complaints
 * @param others more keys that are possible there, which the caller reads
 * @returns the equivalent words of a command line for all valid keys, and a complaint for each
 * invalid key
 */
export function readConfig(
  file: string,
  exported: unknown,
  others: readonly string[] = [],
): { words: RunWords; complaints: string[] } {
  const none: RunWords = { servers: [], options: {}, headers: [], expect: [] };
  const isObject = typeof exported === 'object' && exported !== null && !Array.isArray(exported);
  if (!isObject)
    return {
      words: { ...none, lacksServers: true },
      complaints: [
        `${file}: must have an object as its default export, such as export default defineConfig({ streams: 500 })`,
      ],
    };
  const { error } = configSchema.safeParse(exported);
  const issues = error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const listed = readServerList(file, (exported as { servers?: unknown }).servers);
  const bad = new Set(
    issues.flatMap(({ path: [key] }) =>
      key === undefined || (key === 'servers' && listed) ? [] : [String(key)],
    ),
  );
  // Headers, cookies and bodies, and users and passwords in URLs, may be secret.
  const value = (key: string) =>
    ['headers', 'cookies', 'body', 'servers', 'against'].includes(key)
      ? ''
      : visibleValue((exported as Record<string, unknown>)[key]);
  const complaints = [
    ...unknown.map((key) => `${file}: ${visible(key)}: ${whyNoKey(key, others)}`),
    ...[...bad].map(
      (key) => `${file}: ${`${key} ${value(key)}`.trim()}: must be ${requirements[key]}`,
    ),
    ...(listed?.complaints ?? []),
  ];
  const { expect = [], ...options }: Config = Object.fromEntries(
    Object.entries(exported).filter(([key]) => !bad.has(key)),
  );
  const known = Object.entries(options).filter(
    ([key, given]) => Object.hasOwn(runOptions, key) && given !== undefined,
  );
  const { servers, ownServers } = listed ?? none;
  const isCode = !file.endsWith('.json');
  const requestKeys = Object.keys(requestSchemas);
  const aboutRequests = Object.fromEntries(
    Object.entries(options).filter(([key]) => requestKeys.includes(key)),
  );
  const request = requestWordsOf(aboutRequests, isCode);
  const isListRead = listed !== undefined && listed.complaints.length === 0;
  const words = {
    servers,
    ...(!isListRead && { lacksServers: true }),
    ...(ownServers && { ownServers: isCode ? ownServers.map(withPlainHeaders) : ownServers }),
    options: {
      ...Object.fromEntries(known.map(([key, given]) => [key, [String(given)]])),
      ...request.options,
    },
    headers: request.headers,
    expect,
  };
  return { words, complaints };
}

function whyNoKey(key: string, others: readonly string[]): string {
  const camel = key
    .replace(/^-+/, '')
    .replaceAll(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return whyUnknown('key', camel, [...Object.keys(configSchema.shape), ...others]);
}
