/** A server of the user in a config file: its keys, and complaints about their types. Pure. */
import { z } from 'zod';
import { commandInWords } from '../command-secrets.ts';
import { nearest, visible, visibleValue } from '../complaint.ts';
import { eventOptions } from '../event-options.ts';
import { duration } from '../option.ts';
import { urlWithoutSecrets } from '../secrets.ts';

const text = z.string().min(1);
const texts = z.record(z.string(), z.string());
const readyWithin = duration(1, '60s');
const interval = duration(1, '100ms');

export const ownServerSchema = z.strictObject({
  name: text.describe('its name in reports'),
  url: text.describe('the URL of its stream'),
  command: z
    .union([text, z.array(z.string()).min(1)])
    .optional()
    .describe('starts it for each round; a list of words, or a text that is split into words'),
  cwd: text.optional().describe('the folder in which the command starts'),
  env: texts.optional().describe('variables added to the environment of the command'),
  headers: texts.optional().describe('request headers that only this server gets'),
  readyWhen: text
    .optional()
    .describe('a text in its output that reports that it is ready (default: it listens)'),
  readyWithin: readyWithin.schema
    .optional()
    .describe('how long the command may take until it is ready (default: 30s)'),
  pid: z.int().min(1).optional().describe('the process of a server that already runs'),
  http2: z
    .boolean()
    .optional()
    .describe('whether it is measured over HTTP/2 (default: HTTP/1.1, unless --http2 is given)'),
  interval: interval.schema.optional().describe('time between events (default: none)'),
  sequence: text.optional().describe(eventOptions.sequence.about),
  sequenceOf: eventOptions.sequenceOf.schema.optional().describe(eventOptions.sequenceOf.about),
  stamp: text.optional().describe(eventOptions.stamp.about),
  byEvent: eventOptions.byEvent.schema.optional().describe(eventOptions.byEvent.about),
});

/** A server of the user in a config file. */
type OwnServer = z.input<typeof ownServerSchema>;
export type OwnServerInFile = OwnServer & {
  /** Its place, for complaints: `ssebench.config.ts: servers[1]`. */
  at: string;
};

type Key = keyof typeof ownServerSchema.shape;

const someText = (example: string) => `a text, such as "${example}"`;
/** The requirement for each value, with an example. */
export const ownServerRequirements: Readonly<Record<Key, string>> = {
  name: someText('new'),
  url: someText('http://127.0.0.1:3000/event'),
  command: 'a list of words or a text, such as ["node", "dist/server.js"]',
  cwd: someText('../old'),
  env: 'names of variables and their texts, such as { "PORT": "3000" }',
  headers: 'names of headers and their values, such as { "Authorization": "Bearer abc" }',
  readyWhen: someText('listening'),
  readyWithin: readyWithin.mustInFile,
  pid: 'a process id, such as 4711',
  http2: 'true or false',
  interval: interval.mustInFile,
  sequence: eventOptions.sequence.mustInFile,
  sequenceOf: eventOptions.sequenceOf.mustInFile,
  stamp: eventOptions.stamp.mustInFile,
  byEvent: eventOptions.byEvent.mustInFile,
};

/** How a complaint shows values that may be secret, if they are texts. */
const shownSecrets: Partial<Record<Key, (value: string) => string>> = {
  url: urlWithoutSecrets,
  command: (value) => commandInWords([value]),
  env: () => '',
  headers: () => '',
};

/** @returns a complaint for each key that is missing, unknown, or of the wrong type */
export function whyNoOwnServer(at: string, server: object): string[] {
  const issues = ownServerSchema.safeParse(server).error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const bad = new Set(issues.flatMap(({ path: [key] }) => (key === undefined ? [] : [key as Key])));
  return [
    ...unknown.map((key) => `${at}.${visible(key)}: ${whyNoKey(key)}`),
    ...[...bad].map((key) => {
      const value = (server as Readonly<Record<string, unknown>>)[key];
      return value === undefined
        ? `${at}.${key} is missing: it must be ${ownServerRequirements[key]}`
        : `${at}.${key}${valueInWords(key, value)}: must be ${ownServerRequirements[key]}`;
    }),
  ];
}

function valueInWords(key: Key, value: unknown): string {
  const show = shownSecrets[key];
  if (!show) return ` ${visibleValue(value)}`;
  const shown = typeof value === 'string' ? show(value) : '';
  return shown === '' ? '' : ` ${visible(shown)}`;
}

function whyNoKey(key: string): string {
  const keys = Object.keys(ownServerSchema.shape);
  const meant = nearest(key, keys);
  return `unknown key; ${meant === undefined ? `choose from ${keys.join(', ')}` : `did you mean ${meant}?`}`;
}
