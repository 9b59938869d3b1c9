/** The table of APIs for the docs. Pure. */
import { apis } from '../bench/scenario/apis/apis.ts';
import type { EndRule } from '../bench/scenario/apis/answer-format.ts';
import { namesIn, numberName } from '../bench/scenario/templates.ts';

export const apisSection = (): string =>
  [
    '| `--api` | API | columns of `--rows` | last event | tokens |',
    '| --- | --- | --- | --- | --- |',
    ...apis.map(({ name, about, body, end, tokens }) => {
      const columns = namesIn(body ?? '').filter((column) => column !== numberName);
      const cells = [
        `\`${name}\``,
        about,
        columns.map((column) => `\`${column}\``).join(', '),
        endInWords(end),
        tokens === null ? 'not sent' : `\`${tokens.split(' ').at(-1)}\``,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ].join('\n');

/** The end of an answer as after `--end`. In a table, a bar begins a new cell. */
function endInWords(end: EndRule | null): string {
  if (end === null) return 'the end of the response';
  if (end.by === 'event') return `\`event:${end.name}\``;
  return end.by === 'data'
    ? `\`${end.text}\``
    : end.path
        .split(' || ')
        .map((path) => `\`${path.replaceAll('`', '')}\``)
        .join(' or ');
}
