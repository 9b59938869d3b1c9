/**
 * Hides secrets in everything that is saved or shown. EventSource cannot send headers, so a secret
 * may stand anywhere in a URL and under any name. A value is therefore shown only if its name is
 * known to be harmless.
 */

/**
 * Query parameters that say how a server streams, or in which form: no one authenticates with them.
 * A harmless name does not make any value harmless, so each has the values that it is known for.
 */
const harmlessParameters: readonly (readonly [values: RegExp, names: string])[] = [
  [/^\d*(\.\d+)?(ms|s|m|h)?$/, 'interval bytes retry limit events count offset page size rate'],
  [/^\d*(\.\d+)?(ms|s|m|h)?$/, 'delay duration timeout heartbeat keepalive'],
  [/^(|true|false|yes|no|on|off|0|1)$/i, 'stamp resume stream pretty debug'],
  [/^[\w.,+-]{0,24}$/, 'ticker format lang locale version v'],
];
const valuesOf = new Map(
  harmlessParameters.flatMap(([values, names]) => names.split(' ').map((name) => [name, values])),
);

/** Longer names are more likely a secret without a name. */
const longestName = 40;

export const hidden = 'hidden';
export const notSaved = '(not saved)';

/** `name=value` pairs, as in a query; a value without a name is hidden too. */
function pairsWithoutSecrets(text: string, separator: '&' | ';'): string {
  return text.split(separator).map(pairWithoutSecrets).join(separator);
}

function pairWithoutSecrets(pair: string): string {
  const [, name = '', value = ''] = /^([^=]*)=*([^]*)$/.exec(pair) ?? [];
  const [decoded = ''] = new URLSearchParams(pair).keys();
  if (pair === '' || valuesOf.get(decoded.toLowerCase())?.test(value)) return pair;
  // Base64 ends with "=": what looks like a name without a value may be a value without a name.
  return value === '' || name.length > longestName ? hidden : `${name}=${hidden}`;
}

/** Session ids in paths: `/event;jsessionid=…`. */
const pathWithoutSecrets = (path: string) =>
  withoutTokens(
    path.replaceAll(/;([^/]*)/g, (_, pairs: string) => `;${pairsWithoutSecrets(pairs, ';')}`),
  );

/**
 * A URL without user, password, fragment, and values whose names are not known to be harmless. Text
 * that is no URL is taken for one with a typing error: `user:password@host/event?ticket=…`.
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

/**
 * What no parser takes: a path, as in a redirect; or else an address, in which everything before
 * the last @ may be a password.
 */
function addressWithoutSecrets(text: string): string {
  if (!/[@?#;]/.test(text)) return text;
  const [before = ''] = /^\s*([a-z][a-z0-9+.-]*:)?([/\\]{2,})|^\s*https?:/i.exec(text) ?? [];
  const isPath = before === '' && /^[/.?#]/.test(text);
  const rest = isPath ? text : text.slice(Math.max(before.length, text.lastIndexOf('@') + 1));
  const [, path = '', , query] = /^([^?#]*)(\?([^#]*))?/.exec(rest) ?? [];
  const shownQuery = query === undefined ? '' : `?${pairsWithoutSecrets(query, '&')}`;
  return `${before}${pathWithoutSecrets(path)}${shownQuery}`;
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

/**
 * URLs in a text, and queries of paths. The names of schemes have a bound, or a long word would
 * take forever.
 */
export function withoutUrlSecrets(text: string): string {
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

const secretWords =
  'auth|cookie|token|key|secret|session|pass|pwd|credential|jwt|signature|ticket|bearer|sid';
/** Bounded, or a long word would take forever. */
const secretName = `[\\w.-]{0,40}?(?:${secretWords})[\\w.-]{0,40}`;
const secretVariable = new RegExp(`((?<![\\w.-])${secretName}=)[^\\s&;,"']+`, 'gi');
const secretOption = new RegExp(`((?<![\\w-])--?${secretName}\\s+)(?!-)\\S+`, 'gi');
const secretHeader =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(["']?\s*:\s*)\S[^\n]*/gi;

/**
 * Free text, such as an error message or what a server printed. Nobody knows the names of all
 * values in it: hidden are those of URLs, tokens, and of options, variables and headers whose names
 * say that they are secret. Doing it twice changes nothing.
 */
export function textWithoutSecrets(text: string): string {
  return withoutTokens(withoutUrlSecrets(text))
    .replaceAll(secretOption, `$1${hidden}`)
    .replaceAll(secretVariable, `$1${hidden}`)
    .replaceAll(secretHeader, `$1$2${notSaved}`);
}
