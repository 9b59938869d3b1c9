/** Metrics of the generators and the machine, which show how reliable the other figures are. */
import { pauseWords } from '../scenario/scenario.ts';
import { sum, type Metric } from './metric.ts';

const percentOf = (share: number | null) => (share === null ? undefined : 100 * share);
const most = (shares: readonly (number | null)[]) =>
  shares.includes(null) ? null : Math.max(...(shares as number[]));

const rows = [
  {
    name: 'generator-loop',
    label: 'generator loop',
    unit: '%',
    group: 'generator',
    definition:
      'How busy the event loop of the busiest generator was. Near 100 %, the generator limited the run.',
    of: ({ generators }) =>
      100 * Math.max(...generators.map(({ loopUtilization }) => loopUtilization)),
  },
  {
    name: 'generator-delay',
    label: 'generator delay',
    unit: 'ms',
    group: 'generator',
    definition: 'The longest delay of a timer in a generator’s event loop.',
    of: ({ generators }) => Math.max(...generators.map(({ loopDelayMaxMs }) => loopDelayMaxMs)),
  },
  {
    name: 'generator-pause',
    label: 'generator pause',
    unit: '%',
    group: 'generator',
    definition: `Share of the measurement in which a generator’s event loop paused for longer than ${pauseWords}.`,
    of: ({ generators }) => 100 * Math.max(...generators.map(({ pausedShare }) => pausedShare)),
  },
  {
    name: 'generator-waiting',
    label: 'generator waiting',
    unit: '%',
    group: 'generator',
    needsLinux: true,
    definition:
      'Share of the measurement in which a generator was runnable but had no core. Needs Linux.',
    of: ({ generators }) => percentOf(most(generators.map(({ waitedShare }) => waitedShare))),
  },
  {
    name: 'server-waiting',
    label: 'server waiting',
    unit: '%',
    group: 'generator',
    needsLinux: true,
    needs: ['process'],
    definition:
      'The same for the server’s main thread, minus the CPU time of its other threads in that time. Needs Linux.',
    of: ({ process }) => percentOf(process?.waitedShare ?? null),
  },
  {
    name: 'conserved',
    label: 'conserved',
    unit: '%',
    group: 'generator',
    needs: ['clock'],
    definition:
      'How far the stamps advance between two receipts: those of a stream’s freshest event in the first and in the second half of the measurement. Below 100 %, a queue grows. Above, it shrinks.',
    of: ({ counts: { stampAdvanceNs, receiptAdvanceNs } }) =>
      receiptAdvanceNs > 0 ? percentOf(stampAdvanceNs / receiptAdvanceNs) : undefined,
  },
  {
    name: 'listen-overflows',
    label: 'listen overflows',
    unit: '',
    group: 'generator',
    needsLinux: true,
    definition:
      'Connections of the whole machine that arrived while a listen queue was full. Needs Linux.',
    of: ({ machine }) => machine.listenOverflows ?? undefined,
  },
  {
    name: 'generator-cpu',
    label: 'generator CPU',
    unit: 'µs',
    group: 'generator',
    definition: 'CPU time of all generators, divided by the events received.',
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
    name: 'handshakes',
    label: 'TLS handshakes',
    unit: '',
    group: 'generator',
    only: 'TLS',
    definition: 'TLS handshakes of all streams in the whole run, also those of reconnects.',
    of: ({ counts: { handshakes } }) => handshakes || undefined,
  },
  {
    name: 'resumed-handshakes',
    label: 'resumed handshakes',
    unit: '%',
    group: 'generator',
    only: 'TLS',
    definition:
      'Share of the TLS handshakes that resumed the session of an earlier stream. They cost both sides less CPU time than full ones.',
    of: ({ counts: { handshakes, resumedHandshakes } }) =>
      handshakes > 0 ? percentOf(resumedHandshakes / handshakes) : undefined,
  },
  {
    name: 'stolen',
    label: 'stolen',
    unit: '%',
    group: 'generator',
    needsLinux: true,
    definition:
      'Share of the time in which the host of a virtual machine gave it no core. ssebench cannot correct this. Needs Linux.',
    of: ({ machine }) => percentOf(machine.stolenShare),
  },
] as const satisfies readonly Metric[];

export const generatorMetrics: readonly Metric[] = rows;
export type GeneratorMetric = (typeof rows)[number]['name'];
