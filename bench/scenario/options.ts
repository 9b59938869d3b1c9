/** The options that shape the load: help and validation take theirs from here. */
import { duration, oneOf, wholeNumber, type NamedOption } from './option.ts';
import { disconnectModes } from './scenario.ts';

const mostStreams = 1_000_000;

export const runOptions = {
  streams: {
    flags: '--streams [N]',
    about: 'concurrent streams (default: 1000)',
    read: wholeNumber(1, mostStreams, '--streams 1000'),
  },
  interval: {
    flags: '--interval [TIME]',
    about: 'time between two events of a stream; of a URL, what it is known to keep (default: 100ms)',
    read: duration(1, '--interval 100ms'),
  },
  duration: {
    flags: '--duration [TIME]',
    about: 'how long to measure in each round (default: 2.5s, or ten intervals if longer)',
    read: duration(1, '--duration 10s'),
  },
  ramp: {
    flags: '--ramp [TIME]',
    about: 'time over which the streams are opened (default: 1.5s, or 1s per 1,000 streams if longer)',
    read: duration(0, '--ramp 5s'),
  },
  warmup: {
    flags: '--warmup [TIME]',
    about: 'time between the ramp and the measuring (default: 500ms, or three intervals if longer)',
    read: duration(0, '--warmup 2s'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'how often to measure each server, in shuffled order (default: 3)',
    read: wholeNumber(1, 1000, '--rounds 6'),
  },
  quietStreams: {
    flags: '--quiet-streams [N]',
    about: 'streams beside the others on which nothing is sent (default: a fifth, at most 200; URL: 0)',
    read: wholeNumber(0, mostStreams, '--quiet-streams 200'),
  },
  disconnect: {
    flags: '--disconnect [MODE]',
    about: 'how all streams leave: fin, like a page that is closed, or reset (default: fin)',
    read: oneOf(disconnectModes),
  },
  seed: {
    flags: '--seed [N]',
    about: 'repeats the order of rounds and the arrivals of an earlier run (default: a new one, recorded)',
    read: wholeNumber(0, 2 ** 32 - 1, '--seed 42'),
  },
} satisfies Record<string, NamedOption<unknown>>;
