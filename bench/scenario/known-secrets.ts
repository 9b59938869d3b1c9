/**
 * Hides texts that ssebench knows to be secret, because the user gave them: a server may repeat
 * them in its responses and its output. Pure.
 */
import { isHarmlessHeader } from './command-secrets.ts';
import type { UrlUnderTest } from './scenario.ts';
import { hidden, isHarmlessParameter, secretName } from './secrets.ts';
import { inUrl } from './templates.ts';

/** Shorter secrets occur in any text by chance. */
const leastCharacters = 6;

/** Hides these secrets, also as they are written in a URL. */
export function withoutKnownSecrets(text: string, secrets: readonly string[]): string {
  if (text === '') return text;
  return secrets
    .flatMap((secret) =>
      [secret, inUrl(secret), encodeURI(secret.toWellFormed())].filter((written) =>
        text.includes(written),
      ),
    )
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, written) => rest.replaceAll(written, hidden), text);
}

/** The parts of a request that may be secret. */
interface RequestTexts {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** The secrets in a URL, in headers and in a body. */
export function secretsInRequest({ url, headers, body }: RequestTexts): string[] {
  const parameters = [...url.searchParams].filter((pair) => !isHarmlessParameter(...pair));
  const values = Object.entries(headers).filter(([name]) => !isHarmlessHeader(name));
  return [
    ...[url.username, url.password].map(decoded),
    ...parameters.map(([, value]) => value),
    ...values.flatMap(([, value]) => partsOf(value)),
    ...(body === null ? [] : textsIn(body)),
  ].filter(({ length }) => length >= leastCharacters);
}

/** The secrets in the requests to a server, in its rows, and in the variables of its command. */
export function secretsOfServer({
  url,
  request,
  process,
}: Pick<UrlUnderTest, 'url' | 'request' | 'process'>): string[] {
  const variables = process?.kind === 'command' ? Object.values(process.env) : [];
  const { headers, body, rows } = request;
  return [
    ...secretsInRequest({ url: new URL(url), headers, body }),
    ...[...variables, ...rows.flatMap((row) => Object.values(row))].filter(
      ({ length }) => length >= leastCharacters,
    ),
  ];
}

/** A redirect may lead to a URL with an invalid escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An authentication scheme is no secret. */
const scheme = /^(bearer|basic|digest)$/i;

/** A header value, its words, and their values: `session=abc`. */
const partsOf = (value: string): string[] =>
  [
    value,
    ...value.split(/[\s;,]+/).flatMap((word) => [word, word.replace(/^[\w.-]+=/, '')]),
  ].filter((part) => !scheme.test(part));

/** All texts of a larger body would be too many to search for in each message. */
const largestRead = 10_000;

/** A body, and the values in it that may be secret. */
function textsIn(body: string): string[] {
  const values = body.length > largestRead ? namedSecretsIn(body) : valuesIn(body);
  return [body, ...values.flatMap((value) => [value, value.replace(schemeBefore, '')])];
}

const schemeBefore = /^(bearer|basic)\s+/i;

/** All texts in JSON, also if its templates are not filled in; or all values of a form. */
function valuesIn(body: string): string[] {
  for (const text of [body, body.replaceAll(/\{\{[^{}]+\}\}/g, '0')]) {
    try {
      const texts: string[] = [];
      JSON.parse(text, (_name, value: unknown) => {
        if (typeof value === 'string') texts.push(value);
        return value;
      });
      return texts;
    } catch {} // any other text
  }
  return /^[^\s&=]+=\S*$/.test(body) ? [...new URLSearchParams(body).values()] : [];
}

/** The values of keys with a secret name, which are found without parsing the body. */
function namedSecretsIn(body: string): string[] {
  const pattern = new RegExp(`"${secretName}"\\s*:\\s*"((?:[^"\\\\]|\\\\.){1,1000})"`, 'gi');
  return [...body.matchAll(pattern)].map(([, written]) => {
    try {
      return JSON.parse(`"${written}"`) as string;
    } catch {
      return written!;
    }
  });
}
