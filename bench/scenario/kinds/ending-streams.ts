/** Streams that the server ends by itself, and whose clients reconnect. */
import { yesNo } from '../option.ts';
import { reconnectDelayOptions } from '../reconnect-delay.ts';
import type { LoadFeature } from './kind.ts';

const figures = [
  'lifetime.p50',
  'lifetime.p95',
  'lost',
  'broken',
  'outage.p50',
  'outage.p95',
  'failed-attempts',
  'missed-over-cut',
  'doubled-over-cut',
  'events',
  'failed',
];

export const endingStreams = {
  options: {
    reconnect: {
      flags: '--reconnect',
      about: 'clients reconnect whenever the server ends or cuts their stream',
      ...yesNo(),
    },
  },
  uses: Object.keys(reconnectDelayOptions),
  trigger: 'reconnect',
  figures,
  isIn: ({ reconnect }) => reconnect !== null,
  namedScenarios: {},
} satisfies LoadFeature;
