/** Comments of code, without their marks. */
import { paragraphsOf, type Line, type Text } from './texts.ts';

/** Comments for tools. */
const directive = /^\s*(?:!|oxlint|eslint|@ts-|@type\b|@vitest|v8 |c8 |sourceMappingURL)/;

/** The lines of a comment of any language: `/** … *\/`, `// …` or `# …`. */
function linesOf({ line, text }: Line): Line[] {
  const isBlock = text.startsWith('/*');
  return text
    .replace(isBlock ? /^\/\*+|\s*\*\/$/g : /^(?:\/\/+|#)/, '')
    .split('\n')
    .map((each, index) => ({
      line: line + index,
      text: isBlock ? each.replace(/^\s*\* ?/, '') : each,
    }))
    .filter((each) => !directive.test(each.text));
}

/** @param comments in their order; line comments on neighbouring lines are one comment */
export function commentTexts(file: string, comments: readonly Line[]): Text[] {
  const blocks: { kind: 'comment' | 'docstring'; lines: Line[] }[] = [];
  for (const comment of comments) {
    const kind = comment.text.startsWith('/**') ? 'docstring' : 'comment';
    const last = blocks.at(-1);
    if (last?.kind === kind && last.lines.at(-1)?.line === comment.line - 1)
      last.lines.push(...linesOf(comment));
    else blocks.push({ kind, lines: linesOf(comment) });
  }
  return blocks.flatMap(({ kind, lines }) => paragraphsOf(lines, { kind, file }));
}
