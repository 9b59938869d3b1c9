import { terms } from './terms.ts';

/** The terms as a table in Markdown. */
export const termsSection = (): string =>
  [
    '| write | not |',
    '| --- | --- |',
    ...terms.map(({ write, not }) => `| ${write} | \`${not.split(', ').join('`, `')}\` |`),
  ].join('\n');
