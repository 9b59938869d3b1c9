/** The rules of our prose, as data. CONTRIBUTING shows the terms and says the rest in words. */
import { beginnings } from './beginnings.ts';
import { oldForms } from './old-forms.ts';
import { terms } from './terms.ts';

export interface Rule {
  /** The better words. */
  write: string;
  /** The forbidden words, as an example for people. */
  not: string;
  /**
   * Matches the forbidden words in one sentence, without regard to case. Code in the sentence is
   * masked by `·`. A name in code is a sentence of its words: `twoWords` is "two words".
   */
  pattern: RegExp;
  where: readonly ('prose' | 'identifiers' | 'file names')[];
}

export const rules: readonly Rule[] = [...beginnings, ...terms, ...oldForms];

/** Limits in words. The last one is for the mean of all sentences of a page of Markdown. */
export const longest = { sentence: 30, paragraph: 120, meanOfPage: 20 };
