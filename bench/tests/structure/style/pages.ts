/** Collects what a person reads in Markdown and JSON. */
import { linesOf, paragraphsOf, type Line, type Reading, type Text } from './texts.ts';

const heading = /^#+ /;
const isTable = ({ text }: Line) => text.startsWith('|');
const isHeading = ({ text }: Line) => heading.test(text);

/** Paragraphs, headings and cells of tables; blocks of code and comments do not count. */
export function readMarkdown(file: string, source: string): Reading {
  const lines = linesOf(
    source
      .replaceAll(/^( *)```.*?^\1```|<!--.*?-->/gms, (code) => code.replaceAll(/[^\n]/g, ''))
      .replaceAll(/^ *> ?/gm, ''),
  );
  const headings = lines.filter(isHeading).map(({ line, text }): Text => ({
    kind: 'heading',
    file,
    line,
    text: text.replace(heading, ''),
  }));
  const cells = lines.filter(isTable).flatMap(({ line, text }) =>
    text
      .split(/(?<!\\)\||<br>/)
      .filter((cell) => /\p{L}/u.test(cell))
      .map((cell): Text => ({ kind: 'table cell', file, line, text: cell })),
  );
  const rest = lines.map((each) =>
    isHeading(each) || isTable(each) ? { line: each.line, text: '' } : each,
  );
  const paragraphs = paragraphsOf(rest, { kind: 'paragraph', file });
  return { texts: [...paragraphs, ...cells, ...headings], names: [] };
}

const description = /^\s*"description": (".*"),?$/;

/** The descriptions in a JSON file that has one key on each line. */
export function readJson(file: string, source: string): Reading {
  const texts = linesOf(source).flatMap(({ line, text }): Text[] => {
    const found = description.exec(text)?.[1];
    return found === undefined
      ? []
      : [{ kind: 'description', file, line, text: String(JSON.parse(found)) }];
  });
  return { texts, names: [] };
}
