/**
 * Markup that is safe by the way it is made: whatever is put into a template is escaped, unless it is markup itself. So a
 * server's name, an error's text or a header can be put anywhere in a page, between tags and in quoted attributes.
 */
import { htmlText } from '../shared/escape.ts';

export interface Markup {
  readonly markup: string;
}

/** What a template takes; nothing is shown of what is nothing. */
export type Piece = string | number | Markup | readonly Piece[] | false | null | undefined;

function markupOf(piece: Piece): string {
  if (piece === false || piece === null || piece === undefined) return '';
  if (typeof piece === 'string') return htmlText(piece);
  if (typeof piece === 'number') return String(piece);
  if ('markup' in piece) return piece.markup;
  return piece.map(markupOf).join('');
}

/** A template of markup. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: String.raw({ raw: strings }, ...pieces.map(markupOf)) };
}

/** For what we have written ourselves. */
export const trusted = (markup: string): Markup => ({ markup });

/** JSON as it may stand in a `script` element, which `</script>` and `<!--` would end or change. */
export function jsonMarkup(value: unknown): Markup {
  return trusted(
    JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  );
}
