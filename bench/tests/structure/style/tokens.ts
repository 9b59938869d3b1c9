/**
 * Splits TypeScript and JavaScript into comments, strings, words and signs. It knows just enough of
 * the language to find where a string, a template or a regular expression ends.
 */

export interface Token {
  kind: 'comment' | 'string' | 'word' | 'sign';
  /**
   * A comment has its marks. A string has neither quotes nor escapes, and `substitution` replaces
   * each `${…}` of a template.
   */
  text: string;
  /** Offset in the source. */
  at: number;
}

/** Replaces `${…}` in the text of a template. */
export const substitution = '${…}';

const token =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#!.*)|(?<string>'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")|(?<word>[\p{L}\p{N}_$]+)|\S/guy;
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const space = /\s*/y;

/** After these words a slash begins a regular expression, after other words it divides. */
const beforeExpression =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|await|yield|else|do|instanceof)$/;

const isDivision = (before: Token | undefined): boolean =>
  before !== undefined &&
  (before.kind === 'string' ||
    (before.kind === 'word' && !beforeExpression.test(before.text)) ||
    /^[)\]}]$/.test(before.text));

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\n': '' };
const withoutEscapes = (text: string): string =>
  text.includes('\\')
    ? text.replaceAll(
        /\\(?:u\{(\w+)\}|u(\w{4})|x(\w{2})|([\s\S]))/g,
        (_, long?: string, four?: string, two?: string, sign?: string) =>
          sign === undefined
            ? String.fromCodePoint(parseInt((long ?? four ?? two)!, 16))
            : (escapes[sign] ?? sign),
      )
    : text;

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/**
 * @returns one list for the file, and one for each `${…}`, so that neighbours in a list are
 *   neighbours in an expression
 */
export function tokensOf(source: string): Token[][] {
  const lists: Token[][] = [];

  function regularExpressionAt(at: number, list: readonly Token[]): RegExpExecArray | null {
    if (source[at] !== '/' || source[at + 1] === '/' || source[at + 1] === '*') return null;
    if (isDivision(list.findLast(({ kind }) => kind !== 'comment'))) return null;
    return matchAt(regularExpression, source, at);
  }

  /** @returns the offset after the closing backtick */
  function template(start: number, into: Token[]): number {
    let text = '';
    for (let at = start + 1; ;) {
      const part = matchAt(templatePart, source, at)![0];
      text += withoutEscapes(part);
      at += part.length;
      if (source[at] !== '$') {
        into.push({ kind: 'string', text, at: start });
        return at + 1;
      }
      text += substitution;
      at = expression(at + 2);
    }
  }

  /** @returns the offset after the brace that closes the expression, or the end of the file */
  function expression(start: number): number {
    const list: Token[] = [];
    lists.push(list);
    let depth = 0;
    let at = start;
    for (;;) {
      at += matchAt(space, source, at)![0].length;
      const match = regularExpressionAt(at, list) ?? matchAt(token, source, at);
      if (match === null) return at;
      const [text] = match;
      if (text === '`') {
        at = template(at, list);
        continue;
      }
      if (text === '}' && depth-- === 0) return at + 1;
      if (text === '{') depth++;
      const { comment, string, word } = match.groups ?? {};
      if (comment !== undefined) list.push({ kind: 'comment', text, at });
      else if (string !== undefined)
        list.push({ kind: 'string', text: withoutEscapes(text.slice(1, -1)), at });
      else list.push({ kind: word === undefined ? 'sign' : 'word', text, at });
      at += text.length;
    }
  }

  expression(0);
  return lists;
}
