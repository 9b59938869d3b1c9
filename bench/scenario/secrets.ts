/**
 * Hides secrets in everything that is saved or shown. EventSource cannot send headers, so a secret may stand anywhere in a
 * URL and under any name. A value is therefore shown only if its name is known to be harmless.
 */

/** Names of query parameters that say how a server streams, or in which form: no one authenticates with them. */
const harmlessParameters = new Set([
  // The contract of servers/README.md.
  'interval',
  'stamp',
  'bytes',
  'ticker',
  'resume',
  'retry',
  'limit',
  // How many, how often, how long.
  'events',
  'count',
  'offset',
  'page',
  'size',
  'rate',
  'delay',
  'duration',
  'timeout',
  'heartbeat',
  'keepalive',
  // In which form.
  'format',
  'lang',
  'locale',
  'version',
  'v',
  'stream',
  'pretty',
  'debug',
]);
/** A harmless name does not make any value harmless: numbers, durations and short words only. */
const harmlessValue = /^[\w.,+-]{1,24}$/;
/** Longer names are more likely a secret without a name. */
const longestName = 40;

/** Request headers that say what a client understands, or who made it. An event id is not among them: it may be a session. */
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

export const hidden = 'hidden';
const notSaved = '(not saved)';

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

/** `name=value` pairs, as in a query; a value without a name is hidden too. */
function pairsWithoutSecrets(text: string, separator: '&' | ';'): string {
  return text.split(separator).map(pairWithoutSecrets).join(separator);
}

function pairWithoutSecrets(pair: string): string {
  const [, name = '', value = ''] = /^([^=]*)=*([^]*)$/.exec(pair) ?? [];
  const [decoded = ''] = new URLSearchParams(pair).keys();
  const isHarmless =
    harmlessParameters.has(decoded.toLowerCase()) && (value === '' || harmlessValue.test(value));
  if (pair === '' || isHarmless) return pair;
  // Base64 ends with "=": what looks like a name without a value may be a value without a name.
  return value === '' || name.length > longestName ? hidden : `${name}=${hidden}`;
}

/** Session ids in paths: `/event;jsessionid=…`. */
const pathWithoutSecrets = (path: string) =>
  withoutTokens(
    path.replaceAll(/;([^/]*)/g, (_, pairs: string) => `;${pairsWithoutSecrets(pairs, ';')}`),
  );

/**
 * A URL without user, password, fragment, and values whose names are not known to be harmless. Text that is no URL is taken
 * for one with a typing error: `user:password@host/event?ticket=…`.
 */
export function urlWithoutSecrets(text: string): string {
  const url = /^\s*([a-z][a-z0-9+.-]*:[/\\]|https?:)/i.test(text) ? URL.parse(text) : null;
  if (!url) return addressWithoutSecrets(text);
  const { href } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  url.search = pairsWithoutSecrets(url.search.slice(1), '&');
  const path = pathWithoutSecrets(url.pathname);
  if (path !== url.pathname) url.pathname = path;
  // A URL as it was typed, unless it holds what the parser leaves out, such as a line break.
  return url.href === href && /^\S*$/.test(text) && !/\p{Cc}/u.test(text) ? text : url.href;
}

/** Letters and dashes, as names have; or a number with its unit. */
const likeName = /^([A-Za-z][A-Za-z-]{0,23}|\d{1,7}(ms|s|m|h|k)?)?$/;

/** A word that is no name that there is. It may be the rest of a header that nobody put in quotes. */
export function wordWithoutSecrets(word: string, isLikeName: boolean): string {
  return isLikeName || likeName.test(word) ? urlWithoutSecrets(word) : hidden;
}

/** What no parser takes: a path, as in a redirect; or else an address, in which everything before the last @ may be a password. */
function addressWithoutSecrets(text: string): string {
  if (!/[@?#;]/.test(text)) return text;
  const [before = ''] = /^\s*([a-z][a-z0-9+.-]*:)?([/\\]{2,})|^\s*https?:/i.exec(text) ?? [];
  const isPath = before === '' && /^[/.?#]/.test(text);
  const rest = isPath ? text : text.slice(Math.max(before.length, text.lastIndexOf('@') + 1));
  const [, path = '', , query] = /^([^?#]*)(\?([^#]*))?/.exec(rest) ?? [];
  return `${before}${pathWithoutSecrets(path)}${query === undefined ? '' : `?${pairsWithoutSecrets(query, '&')}`}`;
}

/** What ends a URL in a sentence and belongs to the sentence. */
const punctuation = /[.,;:!?)\]}>"'`’”]*$/;

/** Applies to one match, and leaves what ends the sentence. */
const exceptPunctuation = (hide: (text: string) => string) => (match: string) => {
  const end = punctuation.exec(match)![0];
  return hide(match.slice(0, match.length - end.length)) + end;
};

const queryWithoutSecrets = (query: string) =>
  query === '' ? '' : `?${pairsWithoutSecrets(query.slice(1).split('#')[0]!, '&')}`;

/** URLs in a text, and queries of paths. The names of schemes have a bound, or a long word would take forever. */
function withoutUrlSecrets(text: string): string {
  return text
    .replaceAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, exceptPunctuation(urlWithoutSecrets))
    .replaceAll(/(?<=\/[^\s?]*)\?\S+/g, exceptPunctuation(queryWithoutSecrets));
}

/** Tokens that show by their form what they are. */
function withoutTokens(text: string): string {
  return text
    .replaceAll(/\beyJ[\w-]{5,}(\.[\w-]*){1,4}/g, hidden) // JSON Web Tokens: RFC 7519
    .replaceAll(/\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?![a-z]+\b)[^\s,;"']+/g, `$1$2${hidden}`);
}

const secretName =
  '(?<![\\w.-])[\\w.-]{0,40}?(?:auth|cookie|token|key|secret|session|pass|pwd|credential|jwt|signature|ticket|bearer|sid)[\\w.-]{0,40}';
const secretVariable = new RegExp(`(${secretName}=)[^\\s&;,"']+`, 'gi');
const secretOption = new RegExp(
  `((?<![\\w-])--?${secretName.replace('(?<![\\w.-])', '')}\\s+)(?!-)\\S+`,
  'gi',
);
const secretHeader =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(["']?\s*:\s*)\S[^\n]*/gi;

/**
 * Free text, such as an error message or what a server printed. Nobody knows the names of all values in it: hidden are those
 * of URLs, tokens, and of options, variables and headers whose names say that they are secret. Doing it twice changes nothing.
 */
export function textWithoutSecrets(text: string): string {
  return withoutTokens(withoutUrlSecrets(text))
    .replaceAll(secretOption, `$1${hidden}`)
    .replaceAll(secretVariable, `$1${hidden}`)
    .replaceAll(secretHeader, `$1$2${notSaved}`);
}

/** A command line that ssebench saved, of any version: also the values of `--header`, as a shell has them. */
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

/** A command for messages: its program and its script. Other words may be secrets, and are shown as one `…`. */
export function commandInWords([program, ...words]: readonly [string, ...string[]]): string {
  const shown = words.map((word, place) =>
    scriptFile.test(word) || (place < 2 && subcommands.has(word)) ? word : '…',
  );
  return [
    urlWithoutSecrets(program),
    ...shown.filter((word, place) => word !== '…' || shown[place - 1] !== '…'),
  ].join(' ');
}
