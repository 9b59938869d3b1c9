/**
 * Hides secrets in everything that is saved or shown. EventSource cannot send headers, so a secret
 * may be anywhere in a URL and under any name. So a value is shown only if its name is known to be
 * harmless.
 */

/**
 * Query parameters about how a server streams or in which format, which never authenticate. A
 * harmless name does not make every value harmless, so each has a pattern of its usual values.
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

/** A longer name is more likely a secret without a name. */
const longestName = 40;

/** A value that consists of one template names its source and has no secret. */
const onlyTemplate = /^\{\{[a-z_][\w-]{0,39}\}\}$/i;
const encodedTemplate = /%7B%7B([a-z_][\w-]{0,39})%7D%7D/gi;

export const hidden = 'hidden';
export const notSaved = '(not saved)';

/** Hides values in `name=value` pairs, as in a query. A value without a name is hidden too. */
function pairsWithoutSecrets(text: string, separator: '&' | ';'): string {
  return text.split(separator).map(pairWithoutSecrets).join(separator);
}

/** Whether the value of a query parameter may be shown. */
export const isHarmlessParameter = (name: string, value: string): boolean =>
  onlyTemplate.test(value) || (valuesOf.get(name.toLowerCase())?.test(value) ?? false);

function pairWithoutSecrets(pair: string): string {
  const [, name = '', value = ''] = /^([^=]*)=*([^]*)$/.exec(pair) ?? [];
  const [decoded = ''] = new URLSearchParams(pair).keys();
  if (pair === '' || isHarmlessParameter(decoded, value)) return pair;
  // Base64 ends with "=", so an apparent name without a value may be a value without a name.
  return value === '' || name.length > longestName ? hidden : `${name}=${hidden}`;
}

/** Hides session ids in paths: `/event;jsessionid=…`. */
const pathWithoutSecrets = (path: string) =>
  withoutTokens(
    path.replaceAll(/;([^/]*)/g, (_, pairs: string) => `;${pairsWithoutSecrets(pairs, ';')}`),
  );

/**
 * Removes user, password, fragment, and values without a harmless name from a URL. Text that is not
 * a URL counts as a URL with a typing error: `user:password@host/event?ticket=…`.
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
  // Return the URL as typed, unless the parser removes something from it, such as a line break.
  if (url.href === href && /^\S*$/.test(text) && !/\p{Cc}/u.test(text)) return text;
  return text.includes('{{') ? url.href.replaceAll(encodedTemplate, '{{$1}}') : url.href;
}

/**
 * Handles text that no parser accepts: a path, as in a redirect, or else an address. In an address,
 * everything before the last @ may be a password.
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

/** Punctuation after a URL that belongs to the sentence. */
const punctuation = /[.,;:!?)\]}>"'`’”]*$/;

/** Applies `hide` to one match, except to the punctuation after it. */
const exceptPunctuation = (hide: (text: string) => string) => (match: string) => {
  const end = punctuation.exec(match)![0];
  return hide(match.slice(0, match.length - end.length)) + end;
};

const queryWithoutSecrets = (query: string) =>
  query === '' ? '' : `?${pairsWithoutSecrets(query.slice(1).split('#')[0]!, '&')}`;

/**
 * Hides secrets in URLs within a text, and in queries of paths. The length of a scheme is limited,
 * since a long word would otherwise take forever.
 */
export function withoutUrlSecrets(text: string): string {
  return text
    .replaceAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, exceptPunctuation(urlWithoutSecrets))
    .replaceAll(/(?<=\/[^\s?]*)\?\S+/g, exceptPunctuation(queryWithoutSecrets));
}

/**
 * Keys of OpenAI, Anthropic and others, `sk-…`, of Google, and of GitHub. A server that refuses a key
 * may repeat it. Stars hide parts of it.
 */
const apiKey = /\b(?:[spr]k[-_](?=[\w-]{0,200}\d)[\w*-]{12,}|AIza[\w-]{30,}|gh[opsu]_\w{20,})/g;

/** Hides tokens that are recognizable by their format. */
function withoutTokens(text: string): string {
  return text
    .replaceAll(/\beyJ[\w-]{5,}(\.[\w-]*){1,4}/g, hidden) // JSON Web Tokens: RFC 7519
    .replaceAll(apiKey, hidden)
    .replaceAll(
      /\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?![a-z]+\b|\$[A-Z_]+\b)[^\s,;"']+/g,
      `$1$2${hidden}`,
    );
}

const secretWords =
  'auth|cookie|token|key|secret|session|pass|pwd|credential|jwt|signature|ticket|bearer|sid';
/**
 * A name of a secret, for a regular expression. Its length is limited, since a long word would
 * otherwise take forever.
 */
export const secretName = `[\\w.-]{0,40}?(?:${secretWords})[\\w.-]{0,40}`;
const secretVariable = new RegExp(`((?<![\\w.-])${secretName}=)[^\\s&;,"']+`, 'gi');
const secretOption = new RegExp(`((?<![\\w-])--?${secretName}\\s+)(?!-)\\S+`, 'gi');
const secretHeader =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(["']?\s*:\s*)(?!Bearer \$[A-Z_]+')\S[^\n]*/gi;

/**
 * Hides secrets in free text, such as an error message or a server's output. Not all names in it
 * are known. So it hides URL values and tokens, and values of options, variables and headers with a
 * secret name. Applying it twice changes nothing.
 */
export function textWithoutSecrets(text: string): string {
  return withoutTokens(withoutUrlSecrets(text))
    .replaceAll(secretOption, `$1${hidden}`)
    .replaceAll(secretVariable, `$1${hidden}`)
    .replaceAll(secretHeader, `$1$2${notSaved}`);
}
