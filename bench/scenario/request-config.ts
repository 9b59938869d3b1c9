/** The keys of a config file that describe requests, and their translation to words. */
import { z } from 'zod';
import { withoutEnvironment } from './environment-text.ts';
import type { OptionWords } from './option.ts';
import type { OwnServerInFile } from './own-servers/schema.ts';
import { requestOptions } from './request-words.ts';

const about = (name: keyof typeof requestOptions) => requestOptions[name].about;

/** Whether a value of a program can be written as JSON; a BigInt cannot. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

export const requestSchemas = {
  method: z.string().min(1).describe(about('method')),
  headers: z.record(z.string(), z.string()).describe('request headers'),
  cookies: z.record(z.string(), z.string()).describe('cookies: their names and values'),
  body: z
    .union([z.string(), z.record(z.string(), z.unknown()).refine(isJson)])
    .describe('the body of each request: a text, @file, or an object, which is sent as JSON'),
  rows: z.string().min(1).describe(about('rows')),
  follow: z.boolean().describe(about('follow')),
  unixSocket: z.string().min(1).describe(about('unixSocket')),
  ca: z.string().min(1).describe(about('ca')),
  insecure: z.boolean().describe(about('insecure')),
  cert: z.string().min(1).describe(about('cert')),
  key: z.string().min(1).describe(about('key')),
  serverName: z.string().min(1).describe(about('serverName')),
  tlsResumption: z
    .boolean()
    .describe('whether streams resume the TLS sessions of earlier ones (default: true)'),
  allowRemote: z.boolean().describe('whether the load may go to another machine'),
};

export const requestRequirements: Readonly<Record<keyof typeof requestSchemas, string>> = {
  method: 'the name of an HTTP method, such as "POST"',
  headers: 'names of headers and their values, such as { "Authorization": "Bearer abc" }',
  cookies: 'names of cookies and their values, such as { "session": "abc" }',
  body: 'a text, or an object, such as { "topic": "news" }',
  rows: 'a CSV or JSONL file, such as "users.csv"',
  follow: 'true or false',
  unixSocket: 'the path of a Unix socket, such as "/run/app.sock"',
  ca: 'a file with certificates in PEM format, such as "ca.pem"',
  insecure: 'true or false',
  cert: 'a file with a certificate in PEM format, such as "client.pem"',
  key: 'a file with a private key in PEM format, such as "client.key"',
  serverName: 'a host name, such as "example.com"',
  tlsResumption: 'true or false',
  allowRemote: 'true or false',
};

export type RequestConfig = {
  [Key in keyof typeof requestSchemas]?: z.input<(typeof requestSchemas)[Key]> | undefined;
};

/** An own server in a program. `withEnvironment` leaves its headers unchanged. */
export const withPlainHeaders = ({ headers, ...server }: OwnServerInFile): OwnServerInFile =>
  headers === undefined
    ? server
    : {
        ...server,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, withoutEnvironment(value)]),
        ),
      };

/**
 * The equivalent words of a command line.
 *
 * @param isCode whether the file is a program: it reads the environment itself, so a dollar in it
 * is only a dollar. In JSON, `$NAME` is filled in as on the command line.
 */
export function requestWordsOf(
  { headers = {}, cookies = {}, body, tlsResumption, ...others }: RequestConfig,
  isCode: boolean,
): { headers: string[]; options: OptionWords } {
  const verbatim = isCode ? withoutEnvironment : String;
  const pairs = (all: Readonly<Record<string, string>>, between: string) =>
    Object.entries(all).map(([name, value]) => `${name}${between}${verbatim(value)}`);
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  const cookie = pairs(cookies, '=');
  const given = Object.entries(others).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  return {
    headers: pairs(headers, ': '),
    options: {
      ...Object.fromEntries(given.map(([key, value]) => [key, [value === true || String(value)]])),
      ...(cookie.length > 0 && { cookie }),
      ...(tlsResumption === false && { tlsResumption: [true] }),
      ...(body !== undefined && {
        body: [bodyText!.startsWith('@') ? bodyText! : verbatim(bodyText!)],
      }),
    },
  };
}
