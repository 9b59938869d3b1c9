/** Additional streams whose clients read almost nothing. */
import { mostStreams, wholeNumber, type OptionValues } from '../option.ts';
import type { LoadFeature } from './kind.ts';

const options = {
  slowReaders: {
    flags: '--slow-readers [n]',
    about: 'extra streams whose clients stop reading (default: 0)',
    ...wholeNumber(0, mostStreams, 20),
  },
  slowBytes: {
    flags: '--slow-bytes [n]',
    about: 'bytes per second that each slow reader still reads (default: 0)',
    ...wholeNumber(0, 2 ** 30, 10000),
  },
};

const figures = [
  'slow-growth',
  'evicted',
  'evicted-after',
  'delivery.p99',
  'loop-delay.p99',
  'held-timers',
  'failed',
  'missing',
];

export const slowReaders = {
  options,
  trigger: 'slowReaders',
  figures,
  isIn: (scenario) => scenario.slowReaders > 0,
  namedScenarios: {
    'slow-readers': {
      about: '10 of 60 clients stop reading large events',
      question:
        'What does a server do with clients that do not read, such as a page in the background or a phone in a tunnel?',
      meaning:
        'The buffers of the operating system take a few megabytes per stream. Then events wait in the server, and its memory grows, unless the server waits, drops events or disconnects the client. ' +
        '`evicted` counts disconnected clients. The operating system reports them, because a client that does not read never notices. ' +
        'The delivery of the other clients shows whether they are affected. `--slow-readers 0` measures the same without slow readers. `--slow-bytes` lets them read slowly.',
      notFor:
        'to compare servers under normal clients. Most of the time goes into filling buffers.',
      figures,
      config: {
        streams: 50,
        slowReaders: 10,
        interval: '20ms',
        bytes: 16_384,
        quietStreams: 0,
        warmup: '6s',
        duration: '10s',
      },
      ofUrls: {
        meaning:
          'For your own server, ssebench counts evictions by its own sockets: the operating system reports which connections the server has closed. The events must be large enough to fill the buffers, about a megabyte per stream during the measurement. For a URL alone, the memory of the server is not available.',
        config: { bytes: undefined, interval: undefined },
      },
    },
  },
  refuse({ slowReaders: readers, slowBytes }: OptionValues<typeof options>, _request, complain) {
    if (slowBytes && !readers)
      complain(
        `--slow-bytes ${slowBytes}: has no effect without --slow-readers; add --slow-readers, or leave it out`,
      );
  },
} satisfies LoadFeature;
