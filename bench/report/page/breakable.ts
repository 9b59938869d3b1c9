/** Long names, such as URLs, that may continue on the next line at sensible places. */
import { html, trusted, type Markup } from './html.ts';

const breakHere = trusted('<wbr>');

/** Allows a line break after each `/`, `?`, `&`, `=` and `.`, but not between two slashes. */
export function breakable(text: string): Markup {
  const pieces = text.split(/(?<=[/?&=.])(?=[^/])/);
  return html`${pieces.map((piece, place) => [place > 0 && breakHere, piece])}`;
}
