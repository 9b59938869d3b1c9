/**
 * Escapes foreign text for each format. Foreign is everything that ssebench did not write itself:
 * names of servers, errors, headers, versions, output of commands, saved results, config files.
 * Reports pass all of it through the function of their format. For JSON, see `jsonText`.
 */

/**
 * Control characters (C0, C1), invisible characters and marks that change the direction of text,
 * lone surrogates, line separators, and Unicode's noncharacters.
 */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+/gu;
const steeringButNewline =
  /(?:(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}])+/gu;

/**
 * Text on one line, without characters that control a terminal or are invisible. All formats build
 * on it.
 */
export const withoutControls = (text: string): string => text.replace(steering, ' ');

/** Like `withoutControls`, but keeps line breaks. */
const linesWithoutControls = (text: string): string => text.replace(steeringButNewline, ' ');

/** GitHub's runner takes `##[` anywhere, and `::` at the start of a line, as commands. */
const withoutCommands = (text: string): string =>
  text.replaceAll('##[', '# #[').replaceAll(/^([^\S\n]*):(?=:)/gm, '$1: ');

/** For the terminal: a part of a line. */
export const terminalText = (text: string): string => withoutCommands(withoutControls(text).trim());

/** For the terminal: a whole line, with its indentation. */
export const terminalLine = (line: string): string => /^ */.exec(line)![0] + terminalText(line);

/**
 * For the terminal: a text that can have several lines. All but the first are indented, so that
 * none looks like a line of ssebench.
 */
export function terminalLines(text: string): string {
  const [first = '', ...others] = text.split('\n');
  return [
    terminalText(first),
    ...others.map((line) => terminalLine(line.replace(/^ {0,2}/, '  ')).trimEnd()),
  ].join('\n');
}

/**
 * The last protection before a stream, for text that already has its line breaks. Removes control
 * characters that a report has let through.
 *
 * @param hasStyles whether to keep colours, as for a terminal
 */
export function terminalOutput(text: string, hasStyles: boolean): string {
  if (!hasStyles) return linesWithoutControls(text);
  // oxlint-disable-next-line no-control-regex
  return text
    .split(/(\u001b\[[\d;]*m)/)
    .map((part, place) => (place % 2 === 1 ? part : linesWithoutControls(part)))
    .join('');
}

/** Like `terminalOutput`, for lines that must not contain commands for GitHub's runner. */
export const terminalNote = (text: string, hasStyles: boolean): string =>
  withoutCommands(terminalOutput(text, hasStyles));

/**
 * For Markdown, in a paragraph, a list or a table cell. Covers CommonMark 0.31, and GitHub's
 * tables, strikethrough and formulas.
 */
export function markdownText(text: string): string {
  return withoutControls(text)
    .trim()
    .replaceAll(/[\\`*_{}[\]<>|#&~$]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** Indented code for Markdown. Nothing in the lines can end it. */
export const markdownCode = (lines: readonly string[]): string =>
  lines.map((line) => `    ${withoutControls(line).trim()}`).join('\n');

/** Code within a line of Markdown, enclosed in more backticks than it contains. */
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

/** For XML 1.0, between tags and in quoted attributes. Keeps line breaks. */
export const xmlText = (text: string): string => withEntities(linesWithoutControls(text));

/**
 * For the message of a command to GitHub's runner ("Workflow commands for GitHub Actions"). Keeps
 * line breaks.
 */
export const workflowText = (text: string): string =>
  linesWithoutControls(text)
    .replaceAll('##[', '# #[')
    .replaceAll('%', '%25')
    .replaceAll('\n', '%0A');

/** For a property of such a command. */
export const workflowProperty = (text: string): string =>
  workflowText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** JSON without control characters for a terminal, with the same meaning. */
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
