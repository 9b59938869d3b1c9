/**
 * Hides texts that ssebench knows to be secret, because the user gave them: a server may repeat
 * them in its responses and its output. Pure.
 */
import { isHarmlessHeader } from './command-secrets.ts';
import type { UrlUnderTest } from './scenario.ts';
import { hidden, isHarmlessParameter } from './secrets.ts';
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

/** Reading a larger body for each failed stream would disturb the load. */
const largestRead = 10_000;

/** A body, and the texts in it if it is JSON. */
function textsIn(body: string): string[] {
  const texts = [body];
  if (body.length > largestRead) return texts;
  try {
    JSON.parse(body, (_name, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {} // any other text
  return texts;
}
