/** Additional streams that stay open for a while when all the others disconnect. */
import { mostStreams, wholeNumber } from '../option.ts';
import type { LoadFeature } from './kind.ts';

const figures = [
  'release.p50',
  'release.p99',
  'release.max',
  'storm-loop-delay.max',
  'storm-delivery.p99',
  'held-timers',
  'failed',
  'missing',
];

export const disconnectStorm = {
  options: {
    stayingStreams: {
      flags: '--staying-streams [N]',
      about:
        'streams beside the others that stay for two seconds when those leave, to see what that does to them (default: 0)',
      ...wholeNumber(0, mostStreams, 100),
    },
  },
  trigger: 'stayingStreams',
  figures,
  isIn: ({ stayingStreams }) => stayingStreams > 0,
  presets: {
    'disconnect-storm': {
      about: 'two thousand streams leave at once; a hundred stay, and see what that does to them',
      meaning:
        'What happens when many clients leave in one moment, as when a proxy restarts or a train enters a tunnel: how long it takes until the server has let go of them (release), how long that holds up its event loop, and how late the events of those are that stay. ' +
        'With --disconnect reset they leave without any courtesy, with half-close they say so and read on, with kill they die with their process, as those of a proxy do.',
      figures,
      config: { streams: 2_000, stayingStreams: 100, interval: '200ms' },
    },
  },
} satisfies LoadFeature;
