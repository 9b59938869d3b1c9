/** Collects what a person reads in code: comments, prose in strings, names of tests. */
import { commentTexts } from './comments.ts';
import { isProse } from './sentences.ts';
import { linesOf, withoutBullet, type Line, type Reading, type Text } from './texts.ts';
import { substitution, tokensOf, type Token } from './tokens.ts';

/** Ends of blocks of HTML, and borders between cells of a table. */
const breaks =
  /<\/?(?:p|h[1-6]|t[dhr]|li|ul|section|summary|div|pre|figcaption|label|button|title)\b[^>]*>| \| /;
/** A line of at least 50 characters that ends no sentence, and the next one continues it. */
const wraps = (line: string, next: string): boolean =>
  /.{50}$/.test(line) && !/[.:!?]\s*$/.test(line) && /^[\p{Ll}$`(]/u.test(next) && isProse(line);

/** Cuts the text of a string at its line breaks, but not where a line only wraps. */
function partsOf(text: string): Line[] {
  const parts: Line[] = [];
  for (const { line, text: whole } of linesOf(text)) {
    const last = parts.at(-1);
    if (last !== undefined && wraps(last.text, whole)) last.text += `\n${whole}`;
    else parts.push(...whole.split(breaks).map((each) => ({ line, text: each })));
  }
  return parts;
}

/** @param line of the string in the file */
const stringTexts = (
  text: string,
  { file, kind, line }: Pick<Text, 'file' | 'kind' | 'line'>,
): Text[] =>
  partsOf(text)
    .filter((part) => (kind === 'test name' ? part.text.trim() !== '' : isProse(part.text)))
    .map((part) => ({ file, kind, line: line + part.line - 1, text: withoutBullet(part.text) }));

const testFunction = /^(?:test|describe|it|bench|skip|only|concurrent|sequential|todo|fails)$/;

/** Whether the string at `at` is the name of a test, also after `test.each(…)(`. */
function isTestName(list: readonly Token[], at: number): boolean {
  if (list[at - 1]?.text !== '(') return false;
  const before = list[at - 2]?.text ?? '';
  return before === ')' ? list[at + 1]?.text === ',' : testFunction.test(before);
}

/** @returns the string at `at` with all strings that are added to it, and the tokens it takes */
function wholeString(list: readonly Token[], at: number): { text: string; length: number } {
  let { text } = list[at]!;
  let next = at + 1;
  for (; list[next]?.text === '+' && list[next + 1]?.kind === 'string'; next += 2)
    text += list[next + 1]!.text;
  return { text, length: next - at };
}

/** @returns a function from an offset in the source to its line; offsets must ascend */
function lineCounter(source: string): (offset: number) => number {
  let line = 1;
  let next = source.indexOf('\n');
  return (offset) => {
    for (; next >= 0 && next < offset; next = source.indexOf('\n', next + 1)) line++;
    return line;
  };
}

/** @param file ends in `.ts`, `.js`, `.cjs` or `.mjs` */
export function readCode(file: string, source: string): Reading {
  const comments: Line[] = [];
  const texts: Text[] = [];
  const names: { line: number; name: string }[] = [];
  for (const list of tokensOf(source)) {
    const lineOf = lineCounter(source);
    for (let index = 0; index < list.length; index++) {
      const { kind, text, at } = list[index]!;
      if (kind === 'sign') continue;
      const line = lineOf(at);
      if (kind === 'comment') comments.push({ line, text });
      else if (kind === 'word') {
        // Names after a dot are declared elsewhere, by this code or by a library.
        if (list[index - 1]?.text !== '.') names.push({ line, name: text });
      } else {
        const whole = wholeString(list, index);
        const place = isTestName(list, index) ? 'test name' : 'string';
        index += whole.length - 1;
        texts.push(...stringTexts(whole.text, { file, kind: place, line }));
        if (/^[\w-]+$/.test(whole.text)) names.push({ line, name: whole.text });
      }
    }
  }
  return { texts: [...texts, ...commentTexts(file, comments)], names };
}

/** Comments, and prose between quotes. */
export function readShell(file: string, source: string): Reading {
  const lines = linesOf(source);
  const comments = lines.flatMap(({ line, text }) => {
    const comment = /(?:^|\s)(#.*)$/.exec(text)?.[1];
    return comment === undefined ? [] : [{ line, text: comment }];
  });
  const strings = lines.flatMap(({ line, text }) =>
    [...text.matchAll(/(["'])(.*?)\1/g)].flatMap(([, , quoted]) =>
      stringTexts(quoted!.replaceAll(/\$\{?\w+\}?/g, substitution), { file, kind: 'string', line }),
    ),
  );
  return { texts: [...commentTexts(file, comments), ...strings], names: [] };
}
