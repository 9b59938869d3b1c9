/** Hides secrets in command lines: request headers, misplaced words, the command of a server. */
import {
  hidden,
  notSaved,
  textWithoutSecrets,
  urlWithoutSecrets,
  withoutUrlSecrets,
} from './secrets.ts';

/**
 * Request headers that describe the abilities or the name of a client. An event id is not among
 * them, since it may be a session.
 */
const harmlessHeaders = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'dnt',
  'expect',
  'keep-alive',
  'pragma',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** Whether the value of a header may be shown. */
export const isHarmlessHeader = (name: string): boolean => harmlessHeaders.has(name.toLowerCase());

/** The value of a header, as it may be shown. */
const shownHeader = (name: string, value: string) =>
  isHarmlessHeader(name) ? textWithoutSecrets(value) : notSaved;

export function headersWithoutSecrets(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, shownHeader(name, value)]),
  );
}

/**
 * The name of a header has letters and dashes. A token without a name usually has other characters
 * too.
 */
const likeHeaderName = /^[A-Za-z-]{1,40}$/;

/** Shows the name of a file, `@file`. */
const fileWithoutSecrets = (text: string) => `@${urlWithoutSecrets(text.slice(1))}`;

/**
 * Hides secrets in a header as written, `Name: value`, or in any text in its place. Shows the name
 * of a file with headers, `@file`.
 */
export function headerLineWithoutSecrets(line: string): string {
  if (line.startsWith('@') && !line.includes(':')) return fileWithoutSecrets(line);
  const [, name = '', rest = ''] = /^([^\s:=]*)([^]*)$/.exec(line) ?? [];
  if (rest.startsWith(':')) return `${name}: ${shownHeader(name, rest.slice(1).trim())}`;
  const shownName = likeHeaderName.test(name) ? name : '';
  if (rest.trim() === '') return shownName || (line.trim() && notSaved);
  return `${shownName} ${notSaved}`.trim();
}

/** Hides the values of cookies as written, `name=value; name=value`. */
export const cookiesWithoutSecrets = (cookies: string): string =>
  cookies
    .split(/;\s*/)
    .map((pair) =>
      /^[\w.-]{1,40}=/.test(pair) ? `${pair.split('=')[0]}=${hidden}` : pair && hidden,
    )
    .join('; ');

/** Hides a body as written, but not the name of a file, `@file`. */
export const bodyWithoutSecrets = (body: string): string =>
  body.startsWith('@') ? fileWithoutSecrets(body) : body && hidden;

/** Letters and dashes like a name, or a number with its unit. */
const likeName = /^([A-Za-z][A-Za-z-]{0,23}|\d{1,7}(ms|s|m|h|k)?)?$/;

/** Hides an unknown word, unless it looks like a name. It may be the rest of an unquoted header. */
export function wordWithoutSecrets(word: string, isLikeName: boolean): string {
  return isLikeName || likeName.test(word) ? urlWithoutSecrets(word) : hidden;
}

/** Options whose values may be secrets, and how to hide them. */
const secretOptions: Readonly<Record<string, (text: string) => string>> = {
  header: headerLineWithoutSecrets,
  cookie: cookiesWithoutSecrets,
  body: bodyWithoutSecrets,
};

/**
 * Hides secrets in a command line saved by any version of ssebench, including values of `--header`,
 * `--cookie` and `--body` in shell syntax.
 */
export function commandWithoutSecrets(command: string): string {
  const option = /--(header|cookie|body)([ =])((?:'[^']*'|\\'|[^\s'\\])+)/g;
  const withoutTexts = command.replaceAll(
    option,
    (_, name: string, between: string, word: string) => {
      const text = word.replaceAll(/'([^']*)'|\\(')/g, '$1$2');
      return `--${name}${between}'${secretOptions[name]!(text).replaceAll("'", "'\\''")}'`;
    },
  );
  return withoutUrlSecrets(withoutTexts);
}

/** Files that may contain a server's program. */
const scriptFile = /^[\w@./-]+\.([cm]?[jt]sx?|py|rb|php|pl|sh|jar|exe|go|rs|dll)$/i;
/** Subcommands of package managers and runtimes. */
const subcommands = new Set(['run', 'start', 'exec', 'dev', 'serve', 'watch', 'preview', 'test']);

/**
 * Shortens a command for messages to its program and its script. Other words may be secrets, and
 * appear as one `…`.
 */
export const commandInWords = (command: readonly [string, ...string[]]): string =>
  shownWords(command).join(' ');

/** The words of a command, as messages may show them. */
export function shownWords([program, ...words]: readonly [string, ...string[]]): string[] {
  const shown = words.map((word, place) =>
    scriptFile.test(word) || (place < 2 && subcommands.has(word)) ? word : '…',
  );
  return [
    // A variable or an option in place of a program, such as TOKEN=abc, is a typing error.
    urlWithoutSecrets(program).replace(/^([\w-]+=).*$/s, `$1${hidden}`),
    ...shown.filter((word, place) => word !== '…' || shown[place - 1] !== '…'),
  ];
}
