/** The result as one self-contained page: it needs no network, no server and no other file. */
import { createHash } from 'node:crypto';
import type { HistogramName } from '../../result/histogram-names.ts';
import { mapTexts } from '../../result/map-texts.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import {
  againstTable,
  comparisonBasis,
  hasVerdict,
  inALine,
  leftOut,
} from '../shared/comparison.ts';
import { plainVerdict } from '../shared/plain-verdict.ts';
import {
  compressionLines,
  describeEnvironment,
  describeFailure,
  describeScenario,
  describeStatus,
  describeKindVerdict,
  describeThreshold,
  doubtLines,
  remarks,
} from '../shared/sentences.ts';
import { capacityLines } from '../shared/capacity.ts';
import { withoutControls } from '../shared/escape.ts';
import { leakFindings, type LeakFinding } from '../shared/leak-findings.ts';
import { trendLines } from '../shared/trends.ts';
import { assets } from './assets.ts';
import { pageData, type PageData } from './data.ts';
import { html, jsonMarkup, trusted, type Markup } from './html.ts';
import { allTables, headlineTable } from './tables.ts';

/** The parts of a page that change during a run. */
export interface PageParts {
  header: Markup;
  main: Markup;
  data: PageData;
}

export function pageParts(result: RunResult, findings: Findings): PageParts {
  const { summaries, comparisons } = findings;
  const data = mapTexts(pageData(result, findings), withoutControls);
  const main = html`${inShort(result, findings)}
${chartSections(data)}
<section><h2>Figures</h2><p>Medians of the rounds, in brackets their range. A click on a column’s title sorts by it.</p>${headlineTable(headlineMetrics(result), summaries)}</section>
${against(result, comparisons)}
${problems(summaries)}
${listed('Compressed streams', summaries.flatMap(compressionLines))}
${listed('Verdicts', findings.kindVerdicts.map(describeKindVerdict))}
${listed('How much they sustain', capacityLines(result))}
${listed('With time', trendLines(findings.trends))}
${leakSection(result)}
<section><h2>Everything</h2>${allTables(summaries)}</section>
<section><p>Repeat it with</p><pre tabindex="0">${result.command}</pre><p class="fine">Made by ssebench ${result.environment.ssebench} from <code>result.json</code>; <code>${reportCommandOf(result)}</code> with the folder makes it again.</p></section>`;
  return { header: head(result), main, data };
}

export function pageReport(result: RunResult, findings: Findings): string {
  const parts = pageParts(result, findings);
  const { libraries, client } = assets();
  return shell(`${result.name} · ssebench`, parts, [...libraries, client], '');
}

/**
 * The whole document.
 *
 * @param scripts all scripts that may run, in order
 * @param connect what the page may connect to, in the syntax of its Content Security Policy; empty
 * for nothing
 */
export function shell(
  title: string,
  { header, main, data }: PageParts,
  scripts: readonly string[],
  connect: string,
): string {
  const { style, licences } = assets();
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts, connect)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>${header}</header>
<main>
${main}
</main>
<!--
${trusted(licences)}
-->
<script type="application/json" id="data">${jsonMarkup(data)}</script>
${scripts.map((script) => html`<script>${trusted(script)}</script>`)}
</body>
</html>
`.markup;
}

/**
 * The policy allows nothing from elsewhere, and only the scripts given here. So text from a server
 * could not run even if it were not escaped.
 */
function policy(scripts: readonly string[], connect: string): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}${connect && `; connect-src ${connect}`}`;
}

function head({ servers, startedAt, scenario, environment }: RunResult): Markup {
  const versions = Object.entries(environment.packages)
    .map(([packageName, version]) => `${packageName} ${version}`)
    .join(', ');
  const { descriptors } = environment;
  return html`<h1>${inALine(servers)}</h1>
<p>${startedAt.slice(0, 16).replace('T', ' ')} UTC. ${describeScenario(scenario)}.</p>
<p class="fine">${describeEnvironment(environment)}${descriptors !== null && `; ${descriptors.toLocaleString('en-US')} file descriptors a process`}. Seed ${scenario.seed}. ${versions}.</p>`;
}

function inShort(result: RunResult, { summaries, comparisons, thresholds }: Findings): Markup {
  const doubts = [describeStatus(result), ...summaries.flatMap(doubtLines)].filter(
    (line) => line !== undefined,
  );
  const verdicts = plainVerdict(comparisons);
  return html`<section aria-label="In short">
${doubts.length > 0 && html`<div class="bad" role="note"><ul>${doubts.map((line) => html`<li>${line}</li>`)}</ul></div>`}
${verdicts.length > 0 && html`<p class="verdict">${verdicts.join(' ')}</p>`}
${expectations(thresholds)}
</section>`;
}

function expectations(verdicts: Findings['thresholds']): Markup | false {
  const line = (verdict: (typeof verdicts)[number]) =>
    html`<li class="${verdict.state === 'held' ? '' : 'bad'}">${describeThreshold(verdict)}</li>`;
  return verdicts.length > 0 && html`<h2>What was expected</h2><ul>${verdicts.map(line)}</ul>`;
}

function whatIsBetter(figures: PageData['figures']): string {
  const more = figures.filter(({ moreIsBetter }) => moreIsBetter).map(({ label }) => label);
  return more.length === 0 ? 'Less is better.' : `Less is better; of ${inALine(more)}, more is.`;
}

/** The places in which the browser draws. Each describes in words what it shows. */
function chartSections({
  servers,
  curves,
  figures,
  ratios,
  overTime,
  tries,
}: PageData): Markup | false {
  const chart = (kind: string, title: string, words: string, first?: HistogramName) =>
    html`<figure data-chart="${kind}" data-first="${first}"><figcaption><strong>${title}</strong> ${words}</figcaption><div class="chart"></div></figure>`;
  return (
    (curves.length > 0 || figures.length > 0 || tries !== null) &&
    html`<section><h2>Charts</h2>
<fieldset id="servers"><legend>Servers</legend>${servers.map(
      ({ name }, place) =>
        html`<label><input type="checkbox" checked value="${place}"><span class="swatch"></span>${name}</label>`,
    )}</fieldset>
${figures.length > 0 && chart('figures', 'The headline figures.', `${whatIsBetter(figures)} The line is the 95 % interval over rounds, or their range where there are too few for one.`)}
${tries !== null && chart('tries', 'How much they sustain.', 'Each dot is a round under that load: filled where all was as expected, hollow where it was not.')}
${ratios !== null && chart('ratios', `Ratio to ${ratios.against}.`, 'With its 95 % interval; within the shaded margin a difference does not matter.')}
${curves.length > 0 && chart('curves', 'Percentiles.', 'How many of a hundred, or of a million, took no longer; only as far as ten samples lie beyond.', 'delivery')}
${curves.some(({ histogram }) => histogram === 'release') && chart('curves', 'After the disconnect.', 'How long the server took to let go of the streams.', 'release')}
${curves.some(({ histogram }) => histogram === 'recovery') && chart('curves', 'Back again.', 'How long after the cut streams had events again.', 'recovery')}
${overTime !== null && chart('time', 'Over time.', 'From the first stream on, a line for each round; shaded where it was measured.')}
</section>`
  );
}

function against(result: RunResult, comparisons: readonly ServerComparison[]): Markup | false {
  if (comparisons.length === 0) return false;
  const sentences = [...new Set(comparisons.flatMap(leftOut))];
  if (!comparisons.some(hasVerdict) && sentences.length === 0) return false;
  const [names, ...columns] = againstTable(comparisons);
  return html`<section><h2>Against ${result.against}</h2>
${
  comparisons.some(hasVerdict) &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Ratios"><table><thead><tr>${[names, ...columns].map(({ title }) => html`<th scope="col">${title.join(' ')}</th>`)}</tr></thead>
<tbody>${names.cells.map((name, row) => html`<tr><th scope="row">${name}</th>${columns.map(({ cells }) => html`<td>${cells[row]}</td>`)}</tr>`)}</tbody></table></div>
<p class="fine">${comparisonBasis()}</p>`
}
${sentences.map((sentence) => html`<p>${sentence}</p>`)}</section>`;
}

function listed(title: string, lines: readonly string[]): Markup | false {
  return (
    lines.length > 0 &&
    html`<section><h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`
  );
}

function leakSection({ leaks }: RunResult): Markup | false {
  const row = ({ server, mode, text, place, remedy, isBad }: LeakFinding) =>
    html`<tr><th scope="row">${server}</th><td>${mode}</td><td class="${isBad ? 'bad' : ''}">${text}</td><td><code>${place}</code></td><td>${remedy}</td></tr>
`;
  return (
    leaks.length > 0 &&
    html`<section id="leaks"><h2>What servers keep of streams that have gone</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Leaks"><table class="words"><thead><tr>${['server', 'disconnect mode', 'found', 'line', 'what to change'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${leakFindings(leaks).map(row)}</tbody></table></div></section>`
  );
}

/** Uses the same form of command as the run itself. */
const reportCommandOf = ({ command }: RunResult) =>
  command.startsWith('npm run') ? 'npm run report --' : 'npx ssebench report';

function problems(summaries: readonly ServerSummary[]): Markup | false {
  const remarked = summaries.flatMap(remarks);
  const failed = summaries.flatMap(({ failedRounds }) => failedRounds);
  return (
    (remarked.length > 0 || failed.length > 0) &&
    html`<section><h2>What is wrong</h2>
${remarked.length > 0 && html`<ul class="bad">${remarked.map((remark) => html`<li>${remark}</li>`)}</ul>`}
${failed.map(
  (round) =>
    html`<p class="bad">${describeFailure(round)}</p>${
      round.stderr.length > 0 &&
      html`<pre tabindex="0">${round.stderr.map(
        (line) => html`${line}
`,
      )}</pre>`
    }`,
)}</section>`
  );
}
