/** The table of all findings for the docs, from the rows of the topics. */
import { topics } from './topics/topics.ts';

const severityWords = { error: 'error', unjudged: 'not judged', warning: 'warning', info: 'info' };

export function endpointFindingsSection(): string {
  return topics
    .flatMap(({ name, rows }) => [
      `### ${name[0]!.toUpperCase()}${name.slice(1)}`,
      [
        '| finding | severity | what is wrong | why it matters | how to fix it |',
        '| --- | --- | --- | --- | --- |',
        ...rows.map(
          (row) =>
            `| \`${row.name}\` | ${severityWords[row.severity]} | ${row.what} | ${row.why} | ${row.fix} |`,
        ),
      ].join('\n'),
    ])
    .join('\n\n');
}
