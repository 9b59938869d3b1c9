/** Metrics of the generators and the machine, which show how reliable the other figures are. */
import { standstillWords } from '../scenario/scenario.ts';
import { sum, type Metric } from './metric.ts';

const percentOf = (share: number | null) => (share === null ? undefined : 100 * share);
const most = (shares: readonly (number | null)[]) =>
  shares.includes(null) ? null : Math.max(...(shares as number[]));

export const generatorMetrics: readonly Metric[] = [
  {
    name: 'generator-loop',
    label: 'generator loop',
    unit: '%',
    group: 'generator',
    definition:
      'How busy the event loop of the busiest generator was; near 100, it was what limited the run.',
    of: ({ generators }) =>
      100 * Math.max(...generators.map(({ loopUtilization }) => loopUtilization)),
  },
  {
    name: 'generator-delay',
    label: 'generator delay',
    unit: 'ms',
    group: 'generator',
    definition: 'The longest that a generator’s event loop kept a timer waiting.',
    of: ({ generators }) => Math.max(...generators.map(({ loopDelayMaxMs }) => loopDelayMaxMs)),
  },
  {
    name: 'generator-standstill',
    label: 'generator standstill',
    unit: '%',
    group: 'generator',
    definition: `Share of the measuring in which a generator’s event loop stood still for longer than ${standstillWords}.`,
    of: ({ generators }) =>
      100 * Math.max(...generators.map(({ stoodStillShare }) => stoodStillShare)),
  },
  {
    name: 'generator-waiting',
    label: 'generator waiting',
    unit: '%',
    group: 'generator',
    definition:
      'Share of the measuring in which a generator could have worked and had no core to do so.',
    of: ({ generators }) => percentOf(most(generators.map(({ waitedShare }) => waitedShare))),
  },
  {
    name: 'server-waiting',
    label: 'server waiting',
    unit: '%',
    group: 'generator',
    needs: ['process'],
    definition:
      'The same for the server’s main thread, less what its other threads computed meanwhile.',
    of: ({ process }) => percentOf(process?.waitedShare ?? null),
  },
  {
    name: 'conserved',
    label: 'conserved',
    unit: '%',
    group: 'generator',
    needs: ['clock'],
    definition:
      'From the freshest event of a stream in the first half of the measuring to its freshest in the second, how far the stamps advance in the time between the receipts: less than all where a queue grows, more where one shrinks.',
    of: ({ counts: { stampAdvanceNs, receiptAdvanceNs } }) =>
      receiptAdvanceNs > 0 ? percentOf(stampAdvanceNs / receiptAdvanceNs) : undefined,
  },
  {
    name: 'listen-overflows',
    label: 'listen overflows',
    unit: '',
    group: 'generator',
    definition: 'Connections of the whole machine that came while a listen queue was full.',
    of: ({ machine }) => machine.listenOverflows ?? undefined,
  },
  {
    name: 'generator-cpu',
    label: 'generator CPU',
    unit: 'µs',
    group: 'generator',
    definition: 'CPU time of all generators for each event.',
    of: ({ generators, counts }) =>
      counts.events > 0
        ? sum(generators.map(({ cpuNs }) => cpuNs)) / counts.events / 1000
        : undefined,
  },
  {
    name: 'generator-rss',
    label: 'generator RSS',
    unit: 'MB',
    group: 'generator',
    definition: 'Resident memory of all generators with all streams open.',
    of: ({ generators }) => sum(generators.map(({ rssBytes }) => rssBytes)) / 2 ** 20,
  },
  {
    name: 'stolen',
    label: 'stolen',
    unit: '%',
    group: 'generator',
    definition:
      'Share of the time in which a virtual machine’s host had no core for it: what no care can mend.',
    of: ({ machine }) => percentOf(machine.stolenShare),
  },
];
