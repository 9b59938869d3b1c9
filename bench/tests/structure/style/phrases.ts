/** A short notation for the patterns of rules. */
import type { Rule } from './rules.ts';

const forms: readonly (readonly [RegExp, string])[] = [
  [/\bBE\b/g, '(?:is|are|was|were|be|been|being)'],
  // The end of a part of a sentence.
  [/ END$/, '(?=[.,;:)]| \\(|$)'],
];

/**
 * @param phrases regular expressions for whole words; any of them matches
 * @returns a rule for prose
 */
export const inProse = (write: string, not: string, ...phrases: readonly string[]): Rule => {
  const parts = phrases.map((phrase) =>
    forms.reduce((text, [name, form]) => text.replaceAll(new RegExp(name, 'g'), form), phrase),
  );
  return { write, not, pattern: new RegExp(`\\b(?:${parts.join('|')})`), where: ['prose'] };
};

/** The same for prose, identifiers and the names of files. */
export const everywhere = (...rule: Parameters<typeof inProse>): Rule => ({
  ...inProse(...rule),
  where: ['prose', 'identifiers', 'file names'],
});
