/** Splits a command into words as a shell does, but expands nothing. Pure. */
import { accepted, refused, type Checked } from '../complaint.ts';

const useShell = 'use a shell, such as ["sh", "-c", "…"], or put it in single quotes';

/**
 * One word: quoted parts, escaped characters, and characters that mean nothing to a shell. A tilde
 * and a hash mean something only at the beginning of a word.
 */
const word = /^(?:'[^']*'|"(?:[^"\\$`]|\\[^])*"|\\[^\n]|[^\s'"\\$`|&;<>()*?[{~#]|(?<=\S)[~#])+/;
const part = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^'"\\]+)/g;

/** @returns the words, or why the text is not only words */
export function splitWords(text: string): Checked<[string, ...string[]]> {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [found] = word.exec(rest) ?? [];
    const after = found === undefined ? rest : rest.slice(found.length);
    if (found === undefined || /^\S/.test(after)) return refused(whyNoWord(after));
    words.push(withoutQuotes(found));
    rest = after.trimStart();
    if (/\n/.test(after.slice(0, after.length - rest.length)))
      return refused('has several lines, but a command is one line; join them');
  }
  const [program, ...others] = words;
  if (program === undefined || program === '') return refused('has no program');
  const [, variable] = /^([A-Za-z_]\w*)=/.exec(program) ?? [];
  if (variable !== undefined)
    return refused(`begins with a variable; give it as env, such as { "${variable}": "…" }`);
  return accepted([program, ...others]);
}

/** In double quotes, a backslash has a meaning only before these characters. */
const withoutQuotes = (quoted: string): string =>
  quoted.replaceAll(
    part,
    (_, single?: string, double?: string, escaped?: string, plain?: string) =>
      single ?? double?.replaceAll(/\\([$`"\\])/g, '$1') ?? escaped ?? plain ?? '',
  );

/** @param rest begins with something that is no part of a word */
function whyNoWord(rest: string): string {
  if (/^'|^"(?!(\\[^]|[^"\\])*")/.test(rest))
    return `has a quote (${rest[0]}) without its end; close it`;
  if (/^\\\n?$/.test(rest)) return 'ends with a backslash that escapes nothing; leave it out';
  const [special = rest[0]!] =
    /^(\|\||&&|>>|<<|\$\(|[|&;<>()$`*?[{~#])/.exec(rest) ?? /\$\(|[$`]/.exec(rest) ?? [];
  return `has ${special}, which only a shell understands; ${useShell}`;
}
