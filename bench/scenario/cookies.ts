/** Cookies: `name=value`, as typed or as in a program. All become one `Cookie` header. */
import { optionAsTyped, type Complain } from './complaint.ts';
import { cookiesWithoutSecrets } from './command-secrets.ts';
import { filledIn, pairsInProgram, type GivenPair } from './given-text.ts';
import { isHeaderValue, isToken } from './headers.ts';
import type { Given } from './values.ts';

/** One mention may have several cookies, as browsers show them: `a=1; b=2`. */
export function cookiesInWords({ value: typed, shown }: Given): GivenPair[] {
  const pairs = String(typed).replace(/;\s*$/, '').split(/;\s*/);
  return pairs.map((pair) => {
    const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(pair)!;
    return filledIn({ name: name.trim(), value, shown });
  });
}

export const cookiesInProgram = (cookies: Readonly<Record<string, string>>): GivenPair[] =>
  pairsInProgram(cookies, 'cookies', (name, value) =>
    optionAsTyped('cookies', cookiesWithoutSecrets(`${name}=${value}`)),
  );

/** A cookie for complaints. */
export const cookieExample = "--cookie 'session=abc'";

/** A semicolon would begin another cookie. */
export const isCookieValue = (value: string): boolean =>
  isHeaderValue(value) && !value.includes(';');

/**
 * @param example a cookie as the user would write it
 * @returns the cookies that can be sent
 */
export function checkCookies(
  given: readonly GivenPair[],
  example: string,
  complain: Complain,
): { name: string; value: string; shown: string }[] {
  return given.flatMap(({ name, value, shown, reasons }) => {
    if (reasons) for (const reason of reasons) complain(`${shown}: ${reason}`);
    else if (isToken(name) && value !== undefined && isCookieValue(value))
      return [{ name, value: value.trim(), shown }];
    else
      complain(
        `${shown}: must be a name, =, and a value of Latin letters in one line without a semicolon, such as ${example}`,
      );
    return [];
  });
}
