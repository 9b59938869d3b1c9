/** Which texts are valid URLs of a stream. */

/** @returns why a URL is invalid, or `undefined` */
export function whyNoUrl(text: string): string | undefined {
  if (!/^https?:/i.test(text)) return 'must be a URL that begins with http:// or https://';
  const url = URL.parse(text);
  if (!url || url.port === '0')
    return 'must have a host and, if any, a port from 1 to 65535, such as http://127.0.0.1:3000/event';
  try {
    decodeURIComponent(`${url.username}:${url.password}`);
    return undefined;
  } catch {
    return 'its user or password has a % that starts no valid escape; write a plain % as %25';
  }
}
