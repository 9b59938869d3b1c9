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
  presets: {
    firehose: {
      about: 'events as fast as the streams are read: what one server process can send',
      meaning:
        'The most events and bytes that one server process can send, what each costs it, and whether it serves all streams alike (fairness). ' +
        'For servers that stream what is there at once: logs, tokens, files. With --bytes from 0 to 65536 the cost of an event turns into the cost of a byte; with --streams 1 and --streams 1000 one sees what many streams at once add. ' +
        'The server is at its limit here, so latency is that of full buffers and compares nothing; where the generators are at theirs, the result is invalid.',
      figures,
      config: { streams: 100, interval: '0ms', quietStreams: 0, warmup: '1s', duration: '5s' },
    },
  },
  /** A server without backpressure would fill its memory. */
  refuse({ interval }: CommonValues, { servers }, complain) {
    if (interval !== 0) return;
    for (const name of servers) {
      if (catalog[name]?.waitsForDrain === false)
        complain(
          `--interval 0ms: ${name} cannot wait for a reader, and would fill its memory; leave ${name} out`,
        );
    }
  },
} satisfies LoadFeature;
