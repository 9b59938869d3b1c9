/** The places of the charts. Each describes in words what it shows; the browser draws it. */
import type { HistogramName } from '../../result/histogram-names.ts';
import { inALine } from '../shared/format.ts';
import { breakable } from './breakable.ts';
import type { PageData } from './data.ts';
import { html, type Markup } from './html.ts';

export function chartSections(data: PageData): Markup | false {
  const { curves, figures, tries } = data;
  return (
    (curves.length > 0 || figures.length > 0 || tries !== null) &&
    html`<section><h2>Charts</h2>
${legend(data)}
${figures.length > 0 && chart('figures', 'Main metrics.', `${whatIsBetter(figures)} The thin line is the 95 % interval, or the range if there are too few rounds for an interval.`)}
${chartsOfKinds(data)}
${curves.length > 0 && chart('curves', 'Percentiles.', 'The share of samples that are not longer. A line ends where fewer than ten samples are longer; the last step is the longest sample.', 'delivery')}
${has(data, 'release') && chart('curves', 'Release.', 'The time that the server took to release its streams after the disconnect.', 'release')}
${has(data, 'recovery') && chart('curves', 'Recovery.', 'The time until the cut streams received events again.', 'recovery')}
${data.overTime !== null && chart('time', 'Over time.', 'From the first stream on. Each line is a round; the measurement is shaded. All servers have the same scales.')}
</section>`
  );
}

function chartsOfKinds({ tries, ratios }: PageData): Markup {
  return html`${tries !== null && chart('tries', 'Capacity.', 'Each dot is a round with that load. Filled: every expectation was met. Hollow: an expectation failed.')}
${ratios !== null && chart('ratios', html`Ratio to ${breakable(ratios.against)}.`, 'The line is the 95 % interval. A difference within the shaded margin does not matter.')}`;
}

const chart = (kind: string, title: string | Markup, words: string, first?: HistogramName) =>
  html`<figure data-chart="${kind}" data-first="${first}"><figcaption><strong>${title}</strong> ${words}</figcaption><div class="chart"></div></figure>`;

/** Shows the colour of each server, and lets the user hide it. */
function legend({ servers }: PageData): Markup {
  const entry = (name: string, place: number) =>
    html`<label><input type="checkbox" checked value="${place}"><span class="swatch"></span><span>${breakable(name)}</span></label>`;
  return html`<fieldset id="servers"><legend>Servers</legend>${servers.map(({ name }, place) => entry(name, place))}</fieldset>`;
}

const has = ({ curves }: PageData, name: HistogramName) =>
  curves.some(({ histogram }) => histogram === name);

function whatIsBetter(figures: PageData['figures']): string {
  const more = figures.filter(({ moreIsBetter }) => moreIsBetter).map(({ label }) => label);
  return more.length === 0
    ? 'Lower is better.'
    : `Lower is better, but higher for ${inALine(more)}.`;
}
