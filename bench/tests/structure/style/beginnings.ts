/** Forbidden beginnings of sentences: clauses that are used as nouns, and "of". */
import type { Rule } from './rules.ts';

const mainVerb =
  '(?:is|are|was|were|has|have|counts?|stays?|stands?|holds?|hides?|becomes?|goes|wins?|comes?|ends?)';
const number = '(?:[\\d·]|one|two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?)';

const beginning = (write: string, not: string, pattern: string): Rule => ({
  write,
  not,
  pattern: new RegExp(`(?:^|; )(?!.*\\?$)${pattern}`),
  where: ['prose'],
});

export const beginnings: readonly Rule[] = [
  beginning('A client that disconnects …', 'Who leaves …', 'who(?:se)? \\w+ \\w'),
  // "What a check sees" may be a heading, but with a full stop it is no heading.
  beginning('An object created once …', 'What is made once …', 'what\\b(?! if\\b).*\\.$'),
  beginning(
    'name the thing: the omitted rounds are …',
    'What is left out is …',
    `what (?:(?:is|was|are|were)|(?:it|they|(?:an?|the|each) \\w+) \\w+) .*\\b${mainVerb}\\b`,
  ),
  beginning(
    'The remaining streams …',
    'Those that stay …',
    '(?:those (?:that|who|which)|that (?:who|which))\\b',
  ),
  beginning('A stream whose …', 'One whose …', 'one (?:whose\\b|(?:that|which|who)\\b.*\\.$)'),
  // "Of 20 streams, 3 failed" is fine.
  beginning(
    'For a URL, …',
    'Of a URL only …',
    `of (?!course\\b|the (?:latter|former)\\b|(?:the |these |its |all )?${number}[^,]*,)(?=(?:those|them|it|its)\\b|.*[,:]|(?:\\S+ ){5})`,
  ),
  // "Where the stream is, if known" names a place.
  beginning(
    'If the inspection fails, …',
    'Where nobody could look, …',
    'where (?!(?:to|applicable|possible|available|needed|necessary)\\b)[^?:,]*, (?!if\\b|and\\b|or\\b|with\\b|in\\b|which\\b|as\\b)',
  ),
];
