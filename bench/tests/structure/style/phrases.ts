/** A short notation for the patterns of rules. */
import type { Rule } from './rules.ts';

const be = '(?:is|are|was|were|be|been|being)';
const endOfPart = '(?=[.,;:)]| \\(|$)';

/**
 * A rule for prose.
 *
 * @param phrases regular expressions that begin with a word; any of them may match. `BE` is a form
 *   of "to be", and `END` the end of a sentence or of a part of it
 */
export const inProse = (write: string, not: string, ...phrases: readonly string[]): Rule => {
  const parts = phrases.map((phrase) =>
    phrase.replaceAll(/\bBE\b/g, be).replace(/ END$/, endOfPart),
  );
  return { write, not, pattern: new RegExp(`\\b(?:${parts.join('|')})`), where: ['prose'] };
};

/** A rule for prose, identifiers and file names. */
export const everywhere = (...rule: Parameters<typeof inProse>): Rule => ({
  ...inProse(...rule),
  where: ['prose', 'identifiers', 'file names'],
});
