/** Limits on the event loops of the generators, so that they read events as soon as these arrive. */
import { pauseWords } from '../../scenario/scenario.ts';
import { percent, worst, type Check } from './check.ts';

const busiestLoop = 0.8;
export const mostPaused = 0.01;

export const generatorLimits: readonly Check[] = [
  {
    name: 'generator loop',
    limit: `at most ${percent(busiestLoop)} busy`,
    reason:
      'Above this limit, events wait in the generator for about as long as they took to arrive.',
    remedy:
      'Use fewer events per second (fewer --streams, longer --interval), smaller events (--bytes), or give the load more cores.',
    finding({ generators }) {
      const busy = worst(generators.map(({ loopUtilization }) => loopUtilization));
      return busy > busiestLoop
        ? `a generator’s event loop was ${percent(busy)} busy, over ${percent(busiestLoop)}`
        : undefined;
    },
  },
  {
    name: 'generator pause',
    limit: `at most ${percent(mostPaused)} of the measurement, and of ramp and warm-up; counts pauses longer than ${pauseWords}`,
    reason:
      'Events that arrive during a pause are read late. If these are more than 1 % of all events, p99 describes the generator.',
    remedy: 'Stop other programs on this machine, or measure for longer (--duration, --ramp).',
    finding({ generators }) {
      const phases = [
        {
          name: 'ramp and warm-up',
          share: worst(generators.map(({ pausedBeforeShare }) => pausedBeforeShare)),
        },
        {
          name: 'the measurement',
          share: worst(generators.map(({ pausedShare }) => pausedShare)),
        },
      ].filter(({ share }) => share > mostPaused);
      if (phases.length === 0) return undefined;
      return `a generator paused for ${phases.map(({ name, share }) => `${percent(share)} of ${name}`).join(', ')}, over ${percent(mostPaused)}`;
    },
  },
];
