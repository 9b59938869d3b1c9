/** The request that a browser sends before a request to another origin. Pure. */

/** Headers that a page may send without a preflight or cannot set, and those of every stream. */
const withoutPreflight = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'cookie',
  'host',
  'origin',
  'referer',
]);
/** The types of HTML forms. */
const simpleTypes =
  /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

/** The names of request headers that need a preflight. */
export const headersToAllow = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    withoutPreflight.has(name) || (name === 'content-type' && simpleTypes.test(value)) ? [] : name,
  );

/** The headers of a preflight. */
export function preflightHeaders(
  method: string,
  headers: Readonly<Record<string, string>>,
  origin: string | null,
): Record<string, string> {
  const names = headersToAllow(headers);
  return {
    origin: origin ?? 'https://example.com',
    'access-control-request-method': method,
    ...(names.length > 0 && { 'access-control-request-headers': names.join(',') }),
  };
}
