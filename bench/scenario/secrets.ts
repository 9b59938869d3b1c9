/** What a person types may hold secrets; what is saved and shown must not. */

const secretName = /auth|cookie|token|key|secret|session|pass/i;
const hidden = '(not saved)';

/** The value of a header or a query parameter, as it may be shown. */
const shown = (name: string, value: string) => (secretName.test(name) ? hidden : value);

export function headersWithoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, shown(name, value)]));
}

/** A header as it was typed, `Name: value`. */
export function headerLineWithoutSecrets(line: string): string {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  return `${name}: ${shown(name, line.slice(colon + 1).trim())}`;
}

/** A URL without user, password and secret parameters; text that is no URL stays as it is. */
export function urlWithoutSecrets(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  const secrets = [...url.searchParams].filter(([name]) => secretName.test(name));
  if (url.username === '' && url.password === '' && secrets.length === 0) return text;
  url.username = '';
  url.password = '';
  for (const [name] of secrets) url.searchParams.set(name, 'hidden');
  return url.href;
}
