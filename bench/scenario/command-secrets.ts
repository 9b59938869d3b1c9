/**
 * Hides secrets that stand on command lines: request headers, words in the wrong place, the command
 * of a server.
 */
import {
  hidden,
  notSaved,
  textWithoutSecrets,
  urlWithoutSecrets,
  withoutUrlSecrets,
} from './secrets.ts';

/**
 * Request headers that say what a client understands, or who made it. An event id is not among
 * them: it may be a session.
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

/** A header's value, as it may be shown. */
const shownHeader = (name: string, value: string) =>
  harmlessHeaders.has(name.toLowerCase()) ? textWithoutSecrets(value) : notSaved;

export function headersWithoutSecrets(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, shownHeader(name, value)]),
  );
}

/** The name of a header has letters and dashes; a token without a name mostly has more. */
const likeHeaderName = /^[A-Za-z-]{1,40}$/;

/** A header as it was typed, `Name: value`, or whatever was typed in its place. */
export function headerLineWithoutSecrets(line: string): string {
  const [, name = '', rest = ''] = /^([^\s:=]*)([^]*)$/.exec(line) ?? [];
  if (rest.startsWith(':')) return `${name}: ${shownHeader(name, rest.slice(1).trim())}`;
  const shownName = likeHeaderName.test(name) ? name : '';
  if (rest.trim() === '') return shownName || (line.trim() && notSaved);
  return `${shownName} ${notSaved}`.trim();
}

/** Letters and dashes, as names have; or a number with its unit. */
const likeName = /^([A-Za-z][A-Za-z-]{0,23}|\d{1,7}(ms|s|m|h|k)?)?$/;

/**
 * A word that is no name that there is. It may be the rest of a header that nobody put in quotes.
 */
export function wordWithoutSecrets(word: string, isLikeName: boolean): string {
  return isLikeName || likeName.test(word) ? urlWithoutSecrets(word) : hidden;
}

/**
 * A command line that ssebench saved, of any version: also the values of `--header`, as a shell has
 * them.
 */
export function commandWithoutSecrets(command: string): string {
  const headerOption = /(--header[ =])((?:'[^']*'|\\'|[^\s'\\])+)/g;
  const withoutHeaders = command.replaceAll(headerOption, (_, flag: string, word: string) => {
    const line = word.replaceAll(/'([^']*)'|\\(')/g, '$1$2');
    return `${flag}'${headerLineWithoutSecrets(line).replaceAll("'", "'\\''")}'`;
  });
  return withoutUrlSecrets(withoutHeaders);
}

/** Files that a server's program may be in. */
const scriptFile = /^[\w@./-]+\.([cm]?[jt]sx?|py|rb|php|pl|sh|jar|exe|go|rs|dll)$/i;
/** What package managers and runtimes are told to do. */
const subcommands = new Set(['run', 'start', 'exec', 'dev', 'serve', 'watch', 'preview', 'test']);

/**
 * A command for messages: its program and its script. Other words may be secrets, and are shown as
 * one `…`.
 */
export function commandInWords([program, ...words]: readonly [string, ...string[]]): string {
  const shown = words.map((word, place) =>
    scriptFile.test(word) || (place < 2 && subcommands.has(word)) ? word : '…',
  );
  return [
    urlWithoutSecrets(program),
    ...shown.filter((word, place) => word !== '…' || shown[place - 1] !== '…'),
  ].join(' ');
}
