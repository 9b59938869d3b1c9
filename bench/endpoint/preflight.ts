/** The request that a browser sends before a request to another origin. Pure. */

/** Headers that a page may send without a preflight, and those of every stream. */
const withoutPreflight = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'cookie',
  'origin',
]);

/** The names of request headers that need a preflight. */
export const headersToAllow = (headers: Readonly<Record<string, string>>): string[] =>
  Object.keys(headers).filter((name) => !withoutPreflight.has(name));

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
