/** The rules of our prose, as data. CONTRIBUTING shows the terms and says the rest in words. */
import { beginnings } from './beginnings.ts';
import { oldForms } from './old-forms.ts';
import { terms } from './terms.ts';

export interface Rule {
  /** What to write instead. */
  write: string;
  /** What we do not write, for people. */
  not: string;
  /**
   * Matches what we do not write, in one sentence, without regard to case. Code in it is masked
   * by `·`. A name in code is a sentence of its words: `lookInto` is "look into".
   */
  pattern: RegExp;
  where: readonly ('prose' | 'identifiers' | 'file names')[];
}

export const rules: readonly Rule[] = [...beginnings, ...terms, ...oldForms];

/** The most words that one may have; for a page of Markdown, the mean of its sentences. */
export const longest = { sentence: 30, paragraph: 120, meanOfPage: 20 };
