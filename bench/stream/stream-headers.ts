/** The request headers of a stream. Pure. */

/** The request headers of every stream of a URL. @param own the headers given explicitly */
export function streamHeaders(
  url: string,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    accept: 'text/event-stream',
    'cache-control': 'no-cache',
    ...credentialsOf(new URL(url)),
    ...own,
  };
}

/** The header for the credentials in a URL, `http://user:password@host`. */
function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}
