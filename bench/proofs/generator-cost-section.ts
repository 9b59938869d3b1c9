/** The section of `npm run generator-cost` in the documentation. Pure. */
import { formatSpread } from '../report/shared/format.ts';
import {
  generatorName,
  readerName,
  type Comparison,
  type GeneratorCostProof,
  type Growth,
} from './generator-cost.ts';
import {
  cpuPerEvent,
  cpuPerOpen,
  eventsPerCore,
  kilobytesPerStream,
  ratioOf,
  shownLoad,
  shownRatio,
  spreadIn,
  targetsOf,
} from './generator-cost-figures.ts';
import { stampOf } from './stamp.ts';

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

export function generatorCostSection(proof: GeneratorCostProof): string {
  const targets = targetsOf(proof);
  const missed = targets.filter(({ isMet }) => isMet === false).length;
  const unknown = targets.filter(({ isMet }) => isMet === undefined).length;
  const [frequent, ...others] = proof.comparisons;
  return [
    table(
      ['target', 'limit', 'measured', 'met'],
      targets.map(({ what, limit, measured, isMet }) => [
        what,
        limit,
        measured,
        isMet === undefined ? 'not measured' : isMet ? 'yes' : '**no**',
      ]),
    ),
    `Met: ${targets.length - missed - unknown} of ${targets.length}. Missed: ${missed}. Not measured: ${unknown}. ` +
      'A ratio is the median over the rounds, with its 95 % interval, and the median decides.',
    ...(frequent ? [`The clients under ${shownLoad(frequent.load)}:`, clientTable(frequent)] : []),
    'The C reader and ssebench under other loads:',
    otherTable(others),
    'ssebench alone, with more and more streams:',
    growthTable(proof.growth),
    reasons(proof.comparisons),
    `Medians of ${proof.rounds} rounds (min–max), clients in random order; the last table is from one measurement of each load. ${stampOf(proof)}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function clientTable({ clients }: Comparison): string {
  const base = clients.find(({ name }) => name === readerName)?.samples ?? [];
  const rows = clients.map(({ name, samples }) => [
    name,
    formatSpread(spreadIn(samples, cpuPerEvent)),
    name === readerName ? '–' : shownRatio(ratioOf(samples, base, cpuPerEvent)),
    formatSpread(spreadIn(samples, cpuPerOpen)),
    formatSpread(spreadIn(samples, kilobytesPerStream)),
    name === generatorName ? 'everything' : 'nothing',
  ]);
  return table(
    [
      'client',
      'CPU per event, µs',
      'relative to the C reader',
      'CPU per open, µs',
      'memory per stream, KB',
      'records',
    ],
    rows,
  );
}

const otherNames = {
  frequent: 'frequent events',
  many: 'many streams',
  opening: 'opening only',
  saturated: 'bursts as fast as the server sends',
};

function otherTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ name, load, clients }) =>
    clients.map(({ name: client, samples }) => [
      `${otherNames[name]}, ${shownLoad(load)}`,
      client,
      formatSpread(spreadIn(samples, ({ eventsPerSecond }) => eventsPerSecond)),
      formatSpread(spreadIn(samples, cpuPerEvent)),
      formatSpread(spreadIn(samples, eventsPerCore)),
      formatSpread(spreadIn(samples, cpuPerOpen)),
      formatSpread(spreadIn(samples, kilobytesPerStream)),
    ]),
  );
  return table(
    [
      'load',
      'client',
      'events/s',
      'CPU per event, µs',
      'events per second of CPU',
      'CPU per open, µs',
      'memory per stream, KB',
    ],
    rows,
  );
}

function growthTable(growth: readonly Growth[]): string {
  return table(
    [
      'load',
      'generators',
      'CPU per event, µs',
      'share of a core',
      'memory per stream, KB',
      'failed streams and lost events',
    ],
    growth.map(({ load, processes, samples }) => [
      shownLoad(load),
      String(processes),
      formatSpread(spreadIn(samples, cpuPerEvent)),
      `${(100 * (spreadIn(samples, ({ busyShare }) => busyShare)?.median ?? 0)).toFixed(0)} %`,
      formatSpread(spreadIn(samples, kilobytesPerStream)),
      formatSpread(spreadIn(samples, ({ flaws }) => flaws)),
    ]),
  );
}

/** Why clients have no figures. */
function reasons(comparisons: readonly Comparison[]): string {
  const found = comparisons.flatMap(({ clients }) =>
    clients.flatMap(({ name, why }) => (why === undefined ? [] : [`${name}: ${why}`])),
  );
  return [...new Set(found)].join(' ');
}
