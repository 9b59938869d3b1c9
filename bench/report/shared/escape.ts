/**
 * The way of foreign text into each format. Foreign is all that ssebench did not write itself:
 * names of servers, errors, headers, versions, what a command printed, saved results, scenario
 * files. Reports pass all of it through the function of their format; on JSON, see `jsonText`.
 */

/**
 * Controls (C0, C1), invisible and turning marks, half characters, separators of lines, and what
 * Unicode calls no character.
 */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+/gu;
const steeringButNewline =
  /(?:(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}])+/gu;

/**
 * Text on one line, without characters that steer a terminal, or are not seen. The base of all
 * formats.
 */
export const withoutControls = (text: string): string => text.replace(steering, ' ');

/** As `withoutControls`, but with its line breaks. */
const linesWithoutControls = (text: string): string => text.replace(steeringButNewline, ' ');

/**
 * GitHub's runner takes `##[` anywhere, and `::` at the beginning of a line, for commands to it.
 */
const withoutCommands = (text: string): string =>
  text.replaceAll('##[', '# #[').replaceAll(/^([^\S\n]*):(?=:)/gm, '$1: ');

/** For the terminal: a piece of a line. */
export const terminalText = (text: string): string => withoutCommands(withoutControls(text).trim());

/** A whole line, with its indentation. */
export const terminalLine = (line: string): string => /^ */.exec(line)![0] + terminalText(line);

/**
 * A text that may have several lines: all but the first are indented, so that none looks like a
 * line of ours.
 */
export function terminalLines(text: string): string {
  const [first = '', ...others] = text.split('\n');
  return [
    terminalText(first),
    ...others.map((line) => terminalLine(line.replace(/^ {0,2}/, '  ')).trimEnd()),
  ].join('\n');
}

/**
 * The last guard before a stream, for text that has its lines already: whatever a report let
 * through steers nothing.
 *
 * @param hasStyles whether colours are left as they are, as for a terminal
 */
export function terminalOutput(text: string, hasStyles: boolean): string {
  if (!hasStyles) return linesWithoutControls(text);
  // oxlint-disable-next-line no-control-regex
  return text
    .split(/(\u001b\[[\d;]*m)/)
    .map((part, place) => (place % 2 === 1 ? part : linesWithoutControls(part)))
    .join('');
}

/** As `terminalOutput`, for lines of which none is a command of ours to GitHub's runner. */
export const terminalNote = (text: string, hasStyles: boolean): string =>
  withoutCommands(terminalOutput(text, hasStyles));

/**
 * For Markdown, in a paragraph, a list or a cell of a table: CommonMark 0.31, and tables,
 * strikethrough and formulas of GitHub.
 */
export function markdownText(text: string): string {
  return withoutControls(text)
    .trim()
    .replaceAll(/[\\`*_{}[\]<>|#&~$]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** Lines of code for Markdown, indented: nothing in them can end that. */
export const markdownCode = (lines: readonly string[]): string =>
  lines.map((line) => `    ${withoutControls(line).trim()}`).join('\n');

/** Code within a line of Markdown: between more backticks than are in it. */
export function markdownCodeSpan(text: string): string {
  const code = withoutControls(text).trim();
  const fence = '`'.repeat(
    1 + Math.max(0, ...(code.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  return fence.length > 1 ? `${fence} ${code} ${fence}` : `${fence}${code}${fence}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
};
const withEntities = (text: string) =>
  text.replaceAll(/[&<>"'\n]/g, (character) => entities[character]!);

/** For HTML, between tags and in quoted attributes. */
export const htmlText = (text: string): string => withEntities(withoutControls(text));

/** For XML 1.0, between tags and in quoted attributes; line breaks stay. */
export const xmlText = (text: string): string => withEntities(linesWithoutControls(text));

/**
 * For the message of a command to GitHub's runner ("Workflow commands for GitHub Actions"); line
 * breaks stay.
 */
export const workflowText = (text: string): string =>
  linesWithoutControls(text)
    .replaceAll('##[', '# #[')
    .replaceAll('%', '%25')
    .replaceAll('\n', '%0A');

/** For a property of such a command. */
export const workflowProperty = (text: string): string =>
  workflowText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** JSON that steers nothing where it is printed, and says the same. */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (text: string) =>
    Array.from(
      { length: text.length },
      (_, place) => `\\u${text.charCodeAt(place).toString(16).padStart(4, '0')}`,
    ).join('');
  return JSON.stringify(value, null, indent)
    .replaceAll(steeringButNewline, escaped)
    .replaceAll('##[', '#\\u0023[');
}
