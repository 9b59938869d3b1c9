/** The options that shape the load: help and validation take theirs from here. */
import { anyName, duration, oneOf, wholeNumber, type ConfigurableOption } from './option.ts';
import { presets } from './presets.ts';
import { cuts } from './cut.ts';
import { disconnectModes, lifetimeKinds, searches, spacings, tickers } from './scenario.ts';

const mostStreams = 1_000_000;
const presetNames = Object.keys(presets) as [string, ...string[]];

export const runOptions = {
  scenario: {
    flags: '--scenario [NAME]',
    about: `a load by its name, ${presetNames.join(', ')}; other options change it (default: a steady load)`,
    ...oneOf(presetNames),
  },
  streams: {
    flags: '--streams [N]',
    about: 'concurrent streams (default: 1000)',
    ...wholeNumber(1, mostStreams, '--streams 1000'),
  },
  interval: {
    flags: '--interval [TIME]',
    about:
      'time between two events of a stream, 0ms for as fast as they are read; of a URL, what it is known to keep (default: 100ms)',
    ...duration(0, '--interval 100ms'),
  },
  bytes: {
    flags: '--bytes [N]',
    about: 'pads the data of each event to so many bytes (default: 0)',
    ...wholeNumber(0, 2 ** 20, '--bytes 1024'),
  },
  ticker: {
    flags: '--ticker [WAY]',
    about:
      'whether the server has a timer for each stream (own), or one for all, which then send in one turn (shared; default: own)',
    ...oneOf(tickers),
  },
  arrivals: {
    flags: '--arrivals [N]',
    about: 'streams that come and go, so many a second, in place of --streams that stay',
    ...wholeNumber(1, 10_000, '--arrivals 200'),
  },
  spacing: {
    flags: '--spacing [HOW]',
    about:
      'how they come: at a constant rate, as a poisson process, or as a ramp up to that rate (default: poisson)',
    ...oneOf(spacings),
  },
  lifetime: {
    flags: '--lifetime [TIME]',
    about: 'how long each of them stays (default: 2s)',
    ...duration(1, '--lifetime 2s'),
  },
  lifetimes: {
    flags: '--lifetimes [HOW]',
    about:
      'whether all stay as long (fixed), or each for a random time with that mean (default: random)',
    ...oneOf(lifetimeKinds),
  },
  duration: {
    flags: '--duration [TIME]',
    about: 'how long to measure in each round (default: 2.5s, or ten intervals if longer)',
    ...duration(1, '--duration 10s'),
  },
  ramp: {
    flags: '--ramp [TIME]',
    about:
      'time over which the streams are opened (default: 1.5s, or 1s per 1,000 streams if longer)',
    ...duration(0, '--ramp 5s'),
  },
  warmup: {
    flags: '--warmup [TIME]',
    about: 'time between the ramp and the measuring (default: 500ms, or three intervals if longer)',
    ...duration(0, '--warmup 2s'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'how often to measure each server, in shuffled order (default: 3)',
    ...wholeNumber(1, 1000, '--rounds 6'),
  },
  quietStreams: {
    flags: '--quiet-streams [N]',
    about:
      'streams beside the others on which nothing is sent (default: a fifth, at most 200; URL: 0)',
    ...wholeNumber(0, mostStreams, '--quiet-streams 200'),
  },
  slowReaders: {
    flags: '--slow-readers [N]',
    about: 'streams beside the others whose clients stop reading once they are open (default: 0)',
    ...wholeNumber(0, mostStreams, '--slow-readers 20'),
  },
  slowBytes: {
    flags: '--slow-bytes [N]',
    about: 'what each of them reads a second, all the same (default: 0, nothing)',
    ...wholeNumber(0, 2 ** 30, '--slow-bytes 10000'),
  },
  stayingStreams: {
    flags: '--staying-streams [N]',
    about:
      'streams beside the others that stay for two seconds when those leave, to see what that does to them (default: 0)',
    ...wholeNumber(0, mostStreams, '--staying-streams 100'),
  },
  cut: {
    flags: '--cut [HOW]',
    about:
      'the server cuts all streams when the measuring begins, and their clients come again: it ends them, or its process ends and is started again, politely (restart) or killed (crash)',
    ...oneOf(cuts),
  },
  retry: {
    flags: '--retry [TIME]',
    about:
      'how long they wait before they come again, twice as long after each attempt that failed; what the server says goes before it (default: 1s)',
    ...duration(1, '--retry 500ms'),
  },
  jitter: {
    flags: '--jitter [TIME]',
    about:
      'each waits up to so much longer, at random; 0ms for none, like a browser (default: 1s, or 1s per 1,000 streams if longer)',
    ...duration(0, '--jitter 2s'),
  },
  eventsEach: {
    flags: '--events-each [N]',
    about:
      'streams end after so many events, and are followed by the next: measures how many a second, and plain pages beside them (default: they go on)',
    ...wholeNumber(1, 1_000_000, '--events-each 10'),
  },
  search: {
    flags: '--search [WHAT]',
    about:
      'finds how much each server bears, beginning with the load that is asked for: the most streams, or the highest rate, of which all is as expected',
    ...oneOf(searches),
  },
  disconnect: {
    flags: '--disconnect [MODE]',
    about:
      'how all streams leave: fin, like a page that is closed; reset; half-close, saying so and reading on; or kill, with the process of their clients (default: fin)',
    ...oneOf(disconnectModes),
  },
  seed: {
    flags: '--seed [N]',
    about:
      'repeats the order of rounds and the arrivals of an earlier run (default: a new one, recorded)',
    ...wholeNumber(0, 2 ** 32 - 1, '--seed 42'),
  },
  against: {
    flags: '--against [SERVER]',
    about:
      'the server with which the others are compared (default: the first that is named; of all, node-http)',
    ...anyName('the name of a server that is measured', '--against express'),
  },
} satisfies Record<string, ConfigurableOption<unknown>>;
