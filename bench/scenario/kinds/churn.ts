/** Streams with a limited lifetime, in place of streams that stay open. */
import { z } from 'zod';
import { formatDuration } from '../duration.ts';
import { duration, oneOf, wholeNumber, type OptionValues } from '../option.ts';
import type { LoadKind } from './kind.ts';

/** How streams arrive: at a constant rate, at random, or at an increasing rate. */
export const spacings = ['constant', 'poisson', 'ramp'] as const;
/** Whether all streams have the same lifetime, or random ones with that mean. */
const lifetimeKinds = ['fixed', 'random'] as const;

const schema = z.object({
  kind: z.literal('churn'),
  /** Streams that arrive each second; for a ramp, at its end. */
  perSecond: z.number().positive(),
  spacing: z.enum(spacings),
  /** From the intended start to the disconnect. */
  lifetimeMs: z.number().positive(),
  lifetimes: z.enum(lifetimeKinds),
});
export type Churn = z.infer<typeof schema>;

/**
 * The approximate number of open streams once as many disconnect as arrive (Little's law); for a
 * ramp, at its end.
 */
export const openAtOnce = ({ perSecond, lifetimeMs }: Churn): number =>
  Math.ceil((perSecond * lifetimeMs) / 1_000);

/** The approximate total number of streams. */
export const arrivalsOf = (
  { perSecond, spacing }: Pick<Churn, 'perSecond' | 'spacing'>,
  totalMs: number,
): number => Math.ceil((perSecond * totalMs) / (spacing === 'ramp' ? 2_000 : 1_000));

/** The number of lifetimes until the number of open streams is stable. */
const lifetimesUntilFull = { fixed: 1, random: 3 } as const;

/** A random number practically never exceeds its mean by more standard deviations than this. */
const deviations = 5;

const options = {
  arrivals: {
    flags: '--arrivals [n]',
    about: 'new streams per second, with a limited lifetime; replaces --streams',
    ...wholeNumber(1, 10_000, 200),
  },
  spacing: {
    flags: '--spacing [how]',
    about: 'how they arrive: constant, poisson (random), ramp (default: poisson)',
    ...oneOf(spacings),
  },
  lifetime: {
    flags: '--lifetime [time]',
    about: 'lifetime of each of these streams (default: 2s)',
    ...duration(1, '2s'),
  },
  lifetimes: {
    flags: '--lifetimes [how]',
    about: 'fixed: all equal; random: --lifetime is their mean (default: random)',
    ...oneOf(lifetimeKinds),
  },
};

const figures = [
  'opened',
  'dropped',
  'headers.p99',
  'ttfe.p99',
  'cpu',
  'release.p90',
  'held-timers',
  'failed',
  'missing',
];

export const churn = {
  schema,
  options,
  trigger: 'arrivals',
  unless: 'answers',
  withoutTrigger: 'has no effect without --arrivals; add --arrivals, or leave it out',
  figures,
  namedScenarios: {
    churn: {
      about: 'streams that come and go: 200 new ones per second, 2 s each on average',
      question:
        'What does it cost a server that streams come and go, like those of phones and web pages?',
      meaning:
        'It measures the time to headers and to the first event while other clients connect and disconnect. At the end it checks that the server released all streams. ' +
        'Streams arrive whether or not earlier ones were served (the open model). Their times count from the scheduled start, so a server that falls behind shows it. ' +
        '`--arrivals`, `--spacing`, `--lifetime` and `--lifetimes` change the load.',
      notFor: 'for servers whose clients stay connected for hours. Use the steady load.',
      figures,
      config: {
        arrivals: 200,
        spacing: 'poisson',
        lifetime: '2s',
        lifetimes: 'random',
        duration: '10s',
      },
      ofUrls: { small: { arrivals: 50 } },
    },
  },
  read({ arrivals, spacing, lifetime, lifetimes }: OptionValues<typeof options>) {
    return {
      kind: 'churn',
      perSecond: arrivals!,
      spacing: spacing ?? 'poisson',
      lifetimeMs: lifetime ?? 2_000,
      lifetimes: lifetimes ?? 'random',
    };
  },
  streamsOf: openAtOnce,
  small: { rounds: 1 },
  roomOf({ perSecond }, streams) {
    const most = Math.ceil(streams + deviations * Math.sqrt(streams));
    return {
      most,
      what: `--arrivals ${perSecond} (up to ${most} streams open at once)`,
      fewer: 'fewer, or a shorter --lifetime',
    };
  },
  phasesOf: ({ lifetimes, lifetimeMs }) => ({ rampMs: lifetimesUntilFull[lifetimes] * lifetimeMs }),
  // A closed stream keeps its port for a while, so each stream needs a port of its own.
  connectionsOf: (load, _streams, { rampMs, warmUpMs, durationMs }) =>
    arrivalsOf(load, rampMs + warmUpMs + durationMs),
  describe({ perSecond, spacing, lifetimeMs, lifetimes }) {
    const come = {
      constant: `${perSecond} streams a second`,
      poisson: `${perSecond} streams a second at random`,
      ramp: `up to ${perSecond} streams a second`,
    }[spacing];
    return {
      streams: `${come}, each for ${formatDuration(lifetimeMs)}${lifetimes === 'random' ? ' on average' : ''}`,
    };
  },
} satisfies LoadKind<Churn>;
