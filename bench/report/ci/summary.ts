/**
 * A result in Markdown for the summary of a CI job or a comment on a pull request: the verdict, a
 * table of all claims, and links to the docs.
 */
import { counted, inALine } from '../shared/format.ts';
import { markdownColumns } from '../markdown/markdown.ts';
import { countOf, failing, type CiCase, type CiReport } from './ci-report.ts';

/** Pages of the documentation that explain the table of a command. */
export const pagesFor = {
  run: [
    ['thresholds', 'docs/compare.md#set-thresholds'],
    ['comparisons', 'docs/compare.md#compare-servers-in-one-run'],
    ['invalid rounds', 'docs/reference/validity.md'],
    ['exit codes', 'docs/reference/exit-codes.md'],
  ],
  leaks: [
    ['leaks', 'docs/leaks.md'],
    ['disconnect modes', 'docs/leaks.md#choose-the-disconnect-modes'],
    ['exit codes', 'docs/leaks.md#read-the-exit-code'],
  ],
  check: [
    ['findings', 'docs/check.md#findings'],
    ['severities and exit codes', 'docs/check.md#severities-and-exit-codes'],
  ],
  compare: [
    ['verdicts', 'docs/compare.md#compare-servers-in-one-run'],
    ['exit codes', 'docs/reference/exit-codes.md'],
  ],
} as const satisfies Record<string, readonly (readonly [title: string, page: string])[]>;

const words: Readonly<Record<CiCase['state'], string>> = {
  failure: 'failed',
  error: 'not judged',
  untested: 'not tested',
  skipped: 'skipped',
  passed: 'passed',
};
/** The order of the table. */
const states = Object.keys(words) as CiCase['state'][];

/** A summary with more rows is not read, and GitHub limits its size. */
const mostRows = 50;

/**
 * @param sections further paragraphs and tables, already in Markdown
 * @param docs the address of the folder that contains `docs/`; `undefined` if it is not public
 */
export function ciSummary(
  report: CiReport & { command: keyof typeof pagesFor },
  sections: { above: readonly string[]; below: readonly string[] },
  docs: string | undefined,
): string {
  const rows = report.suites
    .flatMap(({ name, cases }) => cases.map((each) => ({ suite: name, ...each })))
    .toSorted((one, other) => states.indexOf(one.state) - states.indexOf(other.state));
  const shown = rows.slice(0, mostRows);
  const column = (title: string, cell: (row: (typeof rows)[number]) => string) => ({
    title: [title],
    cells: shown.map(cell),
  });
  const left = rows.length - shown.length;
  return `${[
    `## ssebench ${report.command}: ${verdictOf(rows)}`,
    ...sections.above,
    ...(rows.length > 0
      ? [
          markdownColumns(
            [
              column('server', ({ suite }) => suite),
              column('claim', ({ name }) => name),
              column('result', resultOf),
            ],
            '---',
          ),
        ]
      : []),
    ...(left > 0 ? [`${counted(left, 'more claim')}: see the JUnit report.`] : []),
    ...sections.below,
    docsLine(report.command, docs),
  ].join('\n\n')}\n`;
}

/**
 * `passed`, or how many claims failed: `failed in 2 of 9 claims`. Names what was not tested: `passed,
 * but not tested: half-close`.
 */
function verdictOf(cases: readonly CiCase[]): string {
  const bad = cases.filter(failing).length;
  if (cases.length === 0) return 'nothing was judged';
  const untested = cases.filter(({ state }) => state === 'untested').map(({ name }) => name);
  const but = untested.length > 0 ? `, but not tested: ${inALine([...new Set(untested)])}` : '';
  if (bad === 0) return countOf(cases, 'passed') > 0 ? `passed${but}` : 'nothing was judged';
  return `failed in ${bad} of ${counted(cases.length, 'claim')}`;
}

const resultOf = ({ state, problems }: CiCase): string =>
  [words[state], ...problems.map(({ text }) => text)].join(': ');

/** Links to the pages for a command. */
export const docsLine = (command: keyof typeof pagesFor, docs: string | undefined): string =>
  `Documentation: ${pagesFor[command].map(([title, page]) => linkTo(docs, title, page)).join(', ')}.`;

const linkTo = (docs: string | undefined, title: string, page: string) =>
  docs === undefined ? `${title} (\`${page}\`)` : `[${title}](${docs}/${page})`;
