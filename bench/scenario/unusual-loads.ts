/** Loads other than streams that stay and tick: what is said of them, and what is wrong with that. */
import { catalog } from '../../servers/catalog.ts';
import type { Complain } from './complaint.ts';
import { cutNeedsMs, type Cut } from './cut.ts';
import { formatDuration } from './duration.ts';
import { flagOf, type readValues } from './option.ts';
import { runOptions } from './options.ts';
import type { Churn } from './scenario.ts';

type Values = ReturnType<typeof readValues<typeof runOptions>>;

/** What only reference servers can be asked for, and a URL not. */
const notOfUrls = {
  quietStreams: 'cannot be asked for quiet streams; leave it out',
  bytes: 'cannot be asked for larger events; leave it out',
  ticker: 'cannot be asked for a way to tick; leave it out',
  eventsEach: 'cannot be asked to end its streams; leave it out',
  cut: 'cannot be told to cut its streams; leave it out, or name a reference server',
  slowReaders:
    'shows nothing of what clients cost it that do not read; leave it out, or name a reference server',
  stayingStreams:
    'shows nothing of how it releases the other streams; leave it out, or name a reference server',
} as const;

export function checkUrl(values: Values, complain: Complain): void {
  for (const [name, why] of Object.entries(notOfUrls)) {
    const value = values[name as keyof typeof notOfUrls];
    if (value)
      complain(`${flagOf(runOptions[name as keyof typeof notOfUrls])} ${value}: a URL ${why}`);
  }
  if (values.interval === 0)
    complain(`${flagOf(runOptions.interval)} 0ms: a URL sends as it likes; leave it out`);
  if (values.search === 'rate')
    complain(
      `${flagOf(runOptions.search)} rate: a URL has a rate of its own; leave it out, or search for streams`,
    );
}

export function checkSlowBytes({ slowReaders = 0, slowBytes }: Values, complain: Complain): void {
  if (slowReaders === 0)
    complain(
      `${flagOf(runOptions.slowBytes)} ${slowBytes}: is what slow readers read; say how many with --slow-readers, or leave it out`,
    );
}

/** Streams that come and go, where they are asked for. */
export function readChurn(
  { arrivals, spacing, lifetime, lifetimes, streams }: Values,
  complain: Complain,
): Churn | null {
  const alone = { spacing, lifetime, lifetimes };
  if (arrivals === undefined) {
    for (const [name, value] of Object.entries(alone)) {
      if (value !== undefined)
        complain(
          `${flagOf(runOptions[name as keyof typeof alone])} ${typeof value === 'number' ? formatDuration(value) : value}: is of streams that come and go; say how many with --arrivals, or leave it out`,
        );
    }
    return null;
  }
  if (streams !== undefined)
    complain(
      `${flagOf(runOptions.streams)} ${streams}: how many of those are open that come and go (--arrivals) follows from their lifetime; leave it out`,
    );
  return {
    perSecond: arrivals,
    spacing: spacing ?? 'poisson',
    lifetimeMs: lifetime ?? 2_000,
    lifetimes: lifetimes ?? 'random',
  };
}

/** What goes with streams that stay and tick, and with nothing else. */
const notWithCut = [
  'arrivals',
  'quietStreams',
  'slowReaders',
  'stayingStreams',
  'eventsEach',
  'search',
] as const;

/** Streams that are cut and come again, where they are asked for. */
export function readCut(values: Values, streams: number, complain: Complain): Cut | null {
  const { cut, retry, jitter, interval, warmup, duration, disconnect } = values;
  const flag = flagOf(runOptions.cut);
  if (cut === undefined) {
    for (const [name, value] of Object.entries({ retry, jitter })) {
      if (value !== undefined)
        complain(
          `${flagOf(runOptions[name as 'retry' | 'jitter'])} ${formatDuration(value)}: is of streams that are cut; say how with ${flag}, or leave it out`,
        );
    }
    return null;
  }
  for (const name of notWithCut) {
    if (values[name])
      complain(
        `${flagOf(runOptions[name])} ${values[name]}: with ${flag} all streams are alike, and cut alike; leave one of the two out`,
      );
  }
  if (disconnect !== undefined && disconnect !== 'fin' && cut !== 'end') {
    complain(
      `${flagOf(runOptions.disconnect)} ${disconnect}: nothing is seen of how streams leave a server that was started again; leave it out, or say ${flag} end`,
    );
  }
  if (interval === 0)
    complain(
      `${flagOf(runOptions.interval)} 0ms: ${flag} is for streams that tick; say --interval 100ms, or another`,
    );
  if (warmup !== undefined && warmup < (interval ?? 100)) {
    complain(
      `${flagOf(runOptions.warmup)} ${formatDuration(warmup)}: not every stream has had an event when it is cut; say ${flagOf(runOptions.warmup)} ${formatDuration(interval ?? 100)} at least, or a shorter ${flagOf(runOptions.interval)}`,
    );
  }
  const asked: Cut = {
    how: cut,
    retryMs: retry ?? 1_000,
    jitterMs: jitter ?? Math.max(1_000, streams),
  };
  const needsMs = cutNeedsMs(asked, interval ?? 100);
  if (duration !== undefined && duration < needsMs) {
    complain(
      `${flagOf(runOptions.duration)} ${formatDuration(duration)}: clients come again up to ${formatDuration(asked.retryMs + asked.jitterMs)} after the cut; say --duration ${formatDuration(Math.ceil(needsMs / 1_000) * 1_000)} at least, or a shorter ${flagOf(runOptions.retry)} or ${flagOf(runOptions.jitter)}`,
    );
  }
  return asked;
}

/** As fast as they are read: who cannot wait for a reader would fill its memory. */
export function checkFlood(servers: readonly string[], complain: Complain): void {
  const flag = `${flagOf(runOptions.interval)} 0ms`;
  for (const name of servers) {
    if (catalog[name]?.waitsForDrain === false)
      complain(
        `${flag}: ${name} cannot wait for a reader, and would fill its memory; leave ${name} out`,
      );
  }
}

/** A second at least is what its load generator counts by; and a stream must end a few times in the measuring. */
const leastFiniteMs = 1_000;
const streamsInAMeasuring = 4;

/** Streams that end: nothing else can be asked of them. */
export function checkFinite(values: Values, complain: Complain): void {
  const flag = `${flagOf(runOptions.eventsEach)} ${values.eventsEach}`;
  if (values.duration !== undefined && values.duration < leastFiniteMs)
    complain(
      `${flagOf(runOptions.duration)} ${values.duration}ms: streams that end are measured for a second at least; say --duration 1s or more`,
    );
  const [intervalMs, durationMs] = [
    values.interval ?? 100,
    values.duration ?? Math.max(2_500, 10 * (values.interval ?? 100)),
  ];
  const needsMs = streamsInAMeasuring * values.eventsEach! * intervalMs;
  if (needsMs > durationMs)
    complain(
      `${flag}: a stream takes ${(values.eventsEach! * intervalMs) / 1_000} s, and ${streamsInAMeasuring} of them want a measuring of ${needsMs / 1_000} s; say --duration ${Math.ceil(needsMs / 1_000)}s, or a shorter ${flagOf(runOptions.interval)}`,
    );
  for (const name of [
    'arrivals',
    'quietStreams',
    'slowReaders',
    'stayingStreams',
    'ramp',
    'warmup',
    'disconnect',
  ] as const) {
    if (values[name])
      complain(
        `${flagOf(runOptions[name])}: goes with streams that go on; leave it out, or ${flagOf(runOptions.eventsEach)}`,
      );
  }
}

/** A search wants a load that can be made larger, and to know what is too much. */
export function checkSearch(values: Values, expectations: number, complain: Complain): void {
  const flag = `${flagOf(runOptions.search)} ${values.search}`;
  if (expectations === 0)
    complain(
      `${flag}: what is too much? Say it with --expect, such as --expect 'delivery.p99 < 50ms', or take --scenario capacity`,
    );
  if (values.search === 'rate' && values.interval === 0)
    complain(`${flag}: begins with an interval; say one with ${flagOf(runOptions.interval)}`);
  if (values.search === 'rate' && (values.interval ?? 0) > 1_000)
    complain(
      `${flagOf(runOptions.interval)} ${values.interval! / 1_000}s: a search for the rate begins with an event a second at least; say --interval 1s, or less`,
    );
  for (const name of ['arrivals', 'eventsEach', 'slowReaders', 'stayingStreams'] as const) {
    if (values[name])
      complain(
        `${flagOf(runOptions[name])}: a search is for streams that stay and tick; leave it out`,
      );
  }
  if (values.rounds !== undefined)
    complain(
      `${flagOf(runOptions.rounds)} ${values.rounds}: a search has as many rounds as it takes; leave it out`,
    );
}
