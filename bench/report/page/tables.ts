/**
 * The tables of the page: a row for each server, a column for each metric. The browser sorts them.
 */
import { metricGroups, type Metric } from '../../metrics/metric.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import { formatSpread, withUnit } from '../shared/format.ts';
import { groupTitles, shownOf } from '../markdown/markdown.ts';
import { linuxNote, type OnSystem } from '../shared/table-notes.ts';
import { cellWithoutFigures } from '../shared/round-words.ts';
import { html, type Markup } from './html.ts';
import { breakable } from './breakable.ts';

/** The main metrics, the same as in the terminal. */
export const headlineTable = (
  headline: readonly Metric[],
  summaries: readonly ServerSummary[],
): Markup => table('Figures', headline, summaries);

/** All metrics, grouped by subject, in sections that the user can open. */
export function allTables(summaries: readonly ServerSummary[], result: OnSystem): Markup[] {
  if (!summaries.some(({ measuredRounds }) => measuredRounds > 0)) return [];
  return metricGroups.flatMap((group) => {
    const own = shownOf(group, summaries, result);
    if (own.length === 0) return [];
    const title = groupTitles[group];
    // A table with 30 columns is unreadable. So each distribution has its own table, and one table
    // has the other metrics.
    const parts = [...Map.groupBy(own, ({ quantile }) => quantile?.histogram ?? '').values()];
    return html`<details><summary>${title}</summary>${parts.map((columns) => table(title, columns, summaries))}
${linuxNote(own, result).map((note) => html`<p class="fine">${note}</p>`)}</details>`;
  });
}

function table(
  caption: string,
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr>${heading('server', '')}${columns.map(({ label, unit, definition }) => heading(withUnit(label, unit), definition))}</tr></thead>
<tbody>${summaries.map((summary) => row(columns, summary))}</tbody>
</table></div>
${definitions(columns)}`;
}

const heading = (title: string, definition: string) =>
  html`<th scope="col"><button type="button" title="${definition}">${title}</button></th>`;

function row(columns: readonly Metric[], summary: ServerSummary): Markup {
  return html`<tr><th scope="row">${breakable(summary.server)}${summary.invalid && html` <strong class="bad">invalid</strong>`}</th>${columns.map(({ name }) => cell(summary, name))}</tr>
`;
}

function cell(summary: ServerSummary, metric: string): Markup {
  if (summary.measuredRounds === 0) return html`<td>${cellWithoutFigures(summary)}</td>`;
  const figure = summary.figures.get(metric);
  const value = typeof figure === 'object' ? figure.median : '';
  return html`<td data-value="${value}">${inTwo(formatSpread(figure))}</td>`;
}

/** Lets the range continue below the median, but keeps each of them in one line. */
function inTwo(spread: string): Markup {
  const [median, range] = spread.split(' (');
  return html`${median}${range !== undefined && html` <span class="range">(${range}</span>`}`;
}

/** The quantiles of one distribution share a definition. */
function definitions(columns: readonly Metric[]): Markup {
  const terms = new Map(
    columns.map(({ label, definition, quantile }) => [
      definition,
      quantile ? label.replace(/ (p[\d.]+|max)$/, '') : label,
    ]),
  );
  return html`<dl>${[...terms].map(([definition, label]) => html`<dt>${label}</dt><dd>${definition}</dd>`)}</dl>`;
}
