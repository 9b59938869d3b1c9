/** Additional streams that stay open for a while when all the others disconnect. */
import { mostStreams, wholeNumber } from '../option.ts';
import type { LoadFeature } from './kind.ts';

const figures = [
  'release.p50',
  'release.p99',
  'release.max',
  'storm-loop-delay.max',
  'storm-delivery.p99',
  'storm-gap.max',
  'held-timers',
  'failed',
  'missing',
];

export const disconnectStorm = {
  options: {
    remainingStreams: {
      flags: '--remaining-streams [n]',
      about: 'extra streams that remain 2 s longer than the others (default: 0)',
      ...wholeNumber(0, mostStreams, 100),
    },
  },
  trigger: 'remainingStreams',
  figures,
  isIn: ({ remainingStreams }) => remainingStreams > 0,
  namedScenarios: {
    'disconnect-storm': {
      about: '2,000 clients disconnect at once, and 100 remain',
      question:
        'What happens when many clients disconnect at the same moment, for example because a proxy restarts?',
      meaning:
        'It measures how long the server needs to release them, how long that blocks its event loop, and how late the events of the remaining streams are. ' +
        '`--disconnect` selects how the clients disconnect: `reset` without a FIN, `half-close` with a FIN while they continue to read, and `kill` with their process, like the clients of a proxy.',
      notFor:
        'to find what a server never releases. `ssebench leaks` finds that and names the source line.',
      figures,
      config: { streams: 2_000, remainingStreams: 100, interval: '200ms' },
      ofUrls: {
        meaning:
          'For your own server, `storm-gap` shows the effect on the remaining streams: the time between two of their events in the storm. For a URL alone, release and timers held are not available.',
        config: { interval: undefined },
        small: { streams: 100, remainingStreams: 20 },
      },
    },
  },
} satisfies LoadFeature;
