/** Events at an unlimited rate: an interval of 0. */
import { catalog } from '../../../servers/catalog.ts';
import type { CommonValues, LoadFeature } from './kind.ts';

const figures = [
  'events',
  'bytes',
  'fairness',
  'cpu',
  'cpu-per-mb',
  'events-per-read',
  'held-timers',
  'failed',
  'missing',
];

export const firehose = {
  options: {},
  figures,
  isIn: ({ intervalMs }) => intervalMs === 0,
  namedScenarios: {
    firehose: {
      about: 'events at an unlimited rate: the limit of one server process',
      question: 'How many events and bytes can one server process send, and what does each cost?',
      meaning:
        'The server sends as fast as backpressure allows. Use this load for servers that stream available data at once: logs, tokens, files. ' +
        'An event has 256 bytes, like a token of a language model with its JSON. ' +
        '`fairness` shows whether all streams get equally many events. ' +
        'With `--bytes` from 0 to 65536, the cost per event becomes a cost per byte. `--streams 1` and `--streams 1000` show what many streams at once add. ' +
        'If the generators are at their limit, the result is invalid. They need less CPU time than the server if events have at most 1 KiB.',
      notFor:
        'to compare latency. The server is at its limit, so latency is the time that events wait in full buffers.',
      figures,
      // The generator reads what 100 full sockets hold in less time than counts as a pause.
      config: {
        streams: 100,
        interval: '0ms',
        bytes: 256,
        quietStreams: 0,
        warmup: '1s',
        duration: '5s',
      },
    },
  },
  /** A server without backpressure would fill its memory. */
  refuse({ interval }: CommonValues, { servers }, complain) {
    if (interval !== 0) return;
    for (const name of servers) {
      if (catalog[name]?.waitsForDrain === false)
        complain(
          `--interval 0ms: ${name} has no backpressure and would fill its memory; leave out ${name}`,
        );
    }
  },
} satisfies LoadFeature;
