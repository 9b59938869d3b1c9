/** The result as one self-contained page: it needs no network, no server and no other file. */
import { mapTexts } from '../../result/map-texts.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import { againstTable, comparisonBasis, hasVerdict, openSentences } from '../shared/comparison.ts';
import { conclusionOf } from '../conclusion/conclusion.ts';
import { openComparisons } from '../conclusion/open-comparisons.ts';
import { byEventTable, byEventTitle } from '../shared/by-event.ts';
import { capacityLines } from '../shared/capacity.ts';
import { withoutControls } from '../shared/escape.ts';
import { inALine } from '../shared/format.ts';
import { leakRows, type LeakRow } from '../shared/leak-rows.ts';
import { compressionLines, remarks } from '../shared/remarks.ts';
import { doubtLines, failuresOf } from '../shared/round-words.ts';
import { describeEnvironment, describeScenario } from '../shared/scenario-words.ts';
import { knownOf, tableNotes } from '../shared/table-notes.ts';
import type { Column } from '../shared/text-table.ts';
import { trendLines } from '../shared/trends.ts';
import { describeKindVerdict, describeThreshold } from '../shared/verdict-words.ts';
import { breakable } from './breakable.ts';
import { chartSections } from './chart-sections.ts';
import { pageData } from './data.ts';
import { html, type Markup } from './html.ts';
import { shell, type PageParts } from './shell.ts';
import { allTables, headlineTable } from './tables.ts';

export function pageParts(result: RunResult, findings: Findings): PageParts {
  const { summaries } = findings;
  const data = mapTexts(pageData(result, findings), withoutControls);
  const main = html`${inShort(result, findings)}
${chartSections(data)}
${figuresSection(result, summaries)}
${against(result, openComparisons(result, findings))}
${byEventSection(summaries)}
${problems(summaries, result)}
${listed('Compressed streams', summaries.flatMap(compressionLines))}
${listed('Verdicts', findings.kindVerdicts.map(describeKindVerdict))}
${listed('Capacity', capacityLines(result))}
${listed('Trends', trendLines(findings.trends))}
${leakSection(result)}
<section><h2>All metrics</h2>${allTables(summaries, result)}</section>
<section><p>To repeat this run:</p><pre tabindex="0">${result.command}</pre><p class="fine">ssebench ${result.environment.ssebench} created this page from <code>result.json</code>. To create it again, run <code>${reportCommandOf(result)}</code> with the folder of that file.</p></section>`;
  return { header: head(result), main, data };
}

export function pageReport(result: RunResult, findings: Findings): string {
  return shell(`${result.name} · ssebench`, pageParts(result, findings));
}

/** Longer lists of servers are only in the legend, in characters. */
const longestTitle = 120;

function head({ servers, startedAt, scenario, environment }: RunResult): Markup {
  const versions = Object.entries(environment.packages)
    .map(([packageName, version]) => `${packageName} ${version}`)
    .join(', ');
  const { descriptors } = environment;
  const names = inALine(servers);
  const isTooLong = servers.length > 1 && names.length > longestTitle;
  return html`<h1>${isTooLong ? `${servers.length} servers` : breakable(names)}</h1>
<p>${startedAt.slice(0, 16).replace('T', ' ')} UTC. ${describeScenario(scenario)}.</p>
<p class="fine">${describeEnvironment(environment)}${descriptors !== null && `; ${descriptors.toLocaleString('en-US')} file descriptors per process`}. Seed ${scenario.seed}. ${versions}.</p>`;
}

/** The short table, with the columns that at least one server has, and its notes. */
function figuresSection(result: RunResult, summaries: readonly ServerSummary[]): Markup | false {
  const columns = knownOf(headlineMetrics(result), summaries, result);
  return (
    columns.length > 0 &&
    html`<section><h2>Figures</h2>${headlineTable(columns, summaries)}
${[...tableNotes(columns, summaries, result), 'Click a column title to sort.'].map((note) => html`<p class="fine">${note}</p>`)}</section>`
  );
}

function inShort(result: RunResult, findings: Findings): Markup {
  const { summaries, thresholds } = findings;
  const doubts = summaries.flatMap(doubtLines);
  return html`<section aria-label="Conclusion">
${conclusionOf(result, findings).map(({ text, isProblem }) => html`<p class="${isProblem ? 'verdict bad' : 'verdict'}">${text}</p>`)}
${doubts.length > 0 && html`<div class="bad" role="note"><ul>${doubts.map((line) => html`<li>${line}</li>`)}</ul></div>`}
${expectations(thresholds)}
</section>`;
}

function expectations(verdicts: Findings['thresholds']): Markup | false {
  const line = (verdict: (typeof verdicts)[number]) =>
    html`<li class="${verdict.state === 'held' ? '' : 'bad'}">${describeThreshold(verdict)}</li>`;
  return verdicts.length > 0 && html`<h2>Expectations</h2><ul>${verdicts.map(line)}</ul>`;
}

function against(result: RunResult, comparisons: readonly ServerComparison[]): Markup | false {
  if (comparisons.length === 0) return false;
  return html`<section><h2>Compared with ${breakable(result.against!)}</h2>
${
  comparisons.some(hasVerdict) &&
  html`${columnsTable('Ratios', againstTable(comparisons))}
<p class="fine">${comparisonBasis(comparisons)}</p>`
}
${openSentences(comparisons).map((sentence) => html`<p>${sentence}</p>`)}</section>`;
}

function byEventSection(summaries: readonly ServerSummary[]): Markup | false {
  const table = byEventTable(summaries);
  return (
    table !== undefined &&
    html`<section><h2>${byEventTitle}</h2>${columnsTable(byEventTitle, table)}</section>`
  );
}

function columnsTable(label: string, [names, ...columns]: readonly [Column, ...Column[]]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${[names, ...columns].map(({ title }) => html`<th scope="col">${title.join(' ')}</th>`)}</tr></thead>
<tbody>${names.cells.map((name, row) => html`<tr><th scope="row">${breakable(name)}</th>${columns.map(({ cells }) => html`<td>${cells[row]}</td>`)}</tr>`)}</tbody></table></div>`;
}

function listed(title: string, lines: readonly string[]): Markup | false {
  return (
    lines.length > 0 &&
    html`<section><h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`
  );
}

const leakColumns = ['server', 'disconnect mode', 'found', 'line', 'what to change'];

function leakSection({ leaks }: RunResult): Markup | false {
  const row = ({ server, mode, text, place, remedy, isBad }: LeakRow) =>
    html`<tr><th scope="row">${breakable(server)}</th><td>${mode}</td><td class="${isBad ? 'bad' : ''}">${text}</td><td><code>${breakable(place)}</code></td><td>${remedy}</td></tr>
`;
  return (
    leaks.length > 0 &&
    html`<section id="leaks"><h2>Leaks after streams close</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Leaks"><table class="words"><thead><tr>${leakColumns.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${leakRows(leaks).map(row)}</tbody></table></div></section>`
  );
}

/** Uses the same form of command as the run itself. */
const reportCommandOf = ({ command }: RunResult) =>
  command.startsWith('npm run') ? 'npm run report --' : 'npx ssebench report';

function problems(summaries: readonly ServerSummary[], result: RunResult): Markup | false {
  const remarked = summaries.flatMap((each) => remarks(each, result));
  const failed = summaries.flatMap(failuresOf);
  return (
    (remarked.length > 0 || failed.length > 0) &&
    html`<section><h2>Problems</h2>
${remarked.length > 0 && html`<ul class="bad">${remarked.map((remark) => html`<li>${remark}</li>`)}</ul>`}
${failed.map(
  ({ line: failure, stderr }) =>
    html`<p class="bad">${failure}</p>${
      stderr.length > 0 &&
      html`<pre tabindex="0">${stderr.map(
        (line) => html`${line}
`,
      )}</pre>`
    }`,
)}</section>`
  );
}
