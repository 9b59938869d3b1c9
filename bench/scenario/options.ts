/**
 * The options that shape the load, for help and validation. Options of one kind are in its file.
 */
import { kindOptions } from './kinds/kinds.ts';
import {
  anyName,
  duration,
  mostStreams,
  oneOf,
  wholeNumber,
  type ConfigurableOption,
} from './option.ts';
import { namedScenarios } from './named-scenarios.ts';
import { closeMethods, tickers } from './scenario.ts';

type Options = Readonly<Record<string, ConfigurableOption<unknown>>>;
const scenarioNames = Object.keys(namedScenarios) as [string, ...string[]];

const load = {
  scenario: {
    flags: '--scenario [NAME]',
    about: `a load by its name, ${scenarioNames.join(', ')}; other options change it (default: a steady load)`,
    ...oneOf(scenarioNames),
  },
  streams: {
    flags: '--streams [N]',
    about: 'concurrent streams (default: 1000)',
    ...wholeNumber(1, mostStreams, 1000),
  },
  interval: {
    flags: '--interval [TIME]',
    about:
      'time between two events of a stream, 0ms for as fast as they are read; of a URL, what it is known to keep (default: 100ms)',
    ...duration(0, '100ms'),
  },
  bytes: {
    flags: '--bytes [N]',
    about: 'pads the data of each event to so many bytes (default: 0)',
    ...wholeNumber(0, 2 ** 20, 1024),
  },
  quietStreams: {
    flags: '--quiet-streams [N]',
    about:
      'streams beside the others on which nothing is sent (default: a fifth, at most 200; URL: 0)',
    ...wholeNumber(0, mostStreams, 200),
  },
  disconnect: {
    flags: '--disconnect [MODE]',
    about:
      'how all streams leave: fin, like a page that is closed; reset; half-close, saying so and reading on; or kill, with the process of their clients (default: fin)',
    ...oneOf(closeMethods),
  },
  ...kindOptions,
} satisfies Options;

const server = {
  ticker: {
    flags: '--ticker [WAY]',
    about:
      'whether the server has a timer for each stream (own), or one for all, which then send in one turn (shared; default: own)',
    ...oneOf(tickers),
  },
} satisfies Options;

const measurement = {
  duration: {
    flags: '--duration [TIME]',
    about: 'how long to measure in each round (default: 2.5s, or ten intervals if longer)',
    ...duration(1, '10s'),
  },
  ramp: {
    flags: '--ramp [TIME]',
    about:
      'time over which the streams are opened (default: 1.5s, or 1s per 1,000 streams if longer)',
    ...duration(0, '5s'),
  },
  warmup: {
    flags: '--warmup [TIME]',
    about: 'time between the ramp and the measuring (default: 500ms, or three intervals if longer)',
    ...duration(0, '2s'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'how often to measure each server, in shuffled order (default: 3)',
    ...wholeNumber(1, 1000, 6),
  },
  seed: {
    flags: '--seed [N]',
    about:
      'repeats the order of rounds and the arrivals of an earlier run (default: a new one, recorded)',
    ...wholeNumber(0, 2 ** 32 - 1, 42),
  },
} satisfies Options;

const comparison = {
  against: {
    flags: '--against [SERVER]',
    about:
      'the server with which the others are compared (default: the first that is named; of all, node-http)',
    ...anyName('the name of a server that is measured', 'express'),
  },
} satisfies Options;

/** Grouped as in help. */
export const optionGroups = { load, server, measurement, comparison };

export const runOptions = { ...load, ...server, ...measurement, ...comparison };
