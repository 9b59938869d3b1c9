/** The remedies of a limit of validity, for the docs and the manual. */
import type { Check } from '../../verdict/limits/check.ts';

/** All remedies, because the reader may measure any kind of server. */
export function remediesOf({ remedy, remedyForUrl }: Check): string {
  if (remedyForUrl === undefined) return remedy;
  return `${remedy} For a URL alone, ${remedyForUrl[0]!.toLowerCase()}${remedyForUrl.slice(1)}`;
}
