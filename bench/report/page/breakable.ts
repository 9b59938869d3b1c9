/** Long names, such as URLs, that may continue on the next line at sensible places. */
import { html, trusted, type Markup } from './html.ts';

const breakHere = trusted('<wbr>');
/** Longer parts, such as tokens, may continue anywhere. In characters. */
const longestPart = /.{1,20}/gsu;

/** Allows a line break after each `/`, `?`, `&`, `=` and `.`, but not between two slashes. */
export function breakable(text: string): Markup {
  const parts = text.split(/(?<=[/?&=.])(?=[^/])/).flatMap((part) => part.match(longestPart) ?? []);
  return html`${parts.map((part, place) => [place > 0 && breakHere, part])}`;
}
