/**
 * Safe markup: a template escapes everything inserted into it, except other markup. So names of
 * servers, texts of errors or headers can be inserted anywhere in a page, between tags and in
 * quoted attributes.
 */
import { htmlText } from '../shared/escape.ts';

export interface Markup {
  readonly markup: string;
}

/** Values that a template accepts. `false`, `null` and `undefined` produce no text. */
export type Piece = string | number | Markup | readonly Piece[] | false | null | undefined;

function markupOf(piece: Piece): string {
  if (piece === false || piece === null || piece === undefined) return '';
  if (typeof piece === 'string') return htmlText(piece);
  if (typeof piece === 'number') return String(piece);
  if ('markup' in piece) return piece.markup;
  return piece.map(markupOf).join('');
}

/** Template tag that makes markup. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: String.raw({ raw: strings }, ...pieces.map(markupOf)) };
}

/** Marks a text as safe markup. Only for text written in this repository. */
export const trusted = (markup: string): Markup => ({ markup });

/**
 * JSON for a `script` element, in which `</script>` would end the element and `<!--` would change
 * its parsing.
 */
export function jsonMarkup(value: unknown): Markup {
  return trusted(
    JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  );
}
