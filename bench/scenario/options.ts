/**
 * The options that shape the load, for help and validation. Options of one kind are in its file.
 */
import { catalog } from '../../servers/catalog.ts';
import { eventOptions as events } from './event-options.ts';
import { kindOptions, type ScenarioName } from './kinds/kinds.ts';
import {
  anyName,
  duration,
  mostStreams,
  oneOf,
  wholeNumber,
  yesNo,
  type ConfigurableOption,
} from './option.ts';
import { namedScenarios } from './named-scenarios.ts';
import { closeMethods, tickers, transports } from './scenario.ts';
import { mostServerProcesses } from './server-processes.ts';

type Options = Readonly<Record<string, ConfigurableOption<unknown>>>;
/** With more, their windows together would exceed the largest window of a connection. */
const mostStreamsPerConnection = 32_768;
const scenarioNames = Object.keys(namedScenarios) as [ScenarioName, ...ScenarioName[]];

const load = {
  scenario: {
    flags: '--scenario [name]',
    about: 'a named load, such as churn or firehose (default: a steady load)',
    ...oneOf(scenarioNames),
  },
  streams: {
    flags: '--streams [n]',
    about: 'concurrent streams (default: 1000; URL alone: 100)',
    ...wholeNumber(1, mostStreams, 1000),
  },
  interval: {
    flags: '--interval [time]',
    about: 'interval of events; 0ms: unlimited (default: 100ms; own server: none)',
    ...duration(0, '100ms'),
  },
  disconnect: {
    flags: '--disconnect [mode]',
    about: 'how clients disconnect: fin, reset, half-close or kill (default: fin)',
    ...oneOf(closeMethods),
  },
  http2: {
    flags: '--http2',
    about: 'use HTTP/2: by ALPN over TLS, otherwise with prior knowledge (h2c)',
    ...yesNo(),
  },
  streamsPerConnection: {
    flags: '--streams-per-connection [n]',
    about: 'streams that share a connection of HTTP/2 (default: at most 100)',
    ...wholeNumber(1, mostStreamsPerConnection, 100),
  },
  transport: {
    flags: '--transport [which]',
    about: 'how HTTP/1.1 is read: socket or undici (default: socket; TLS: undici)',
    ...oneOf(transports),
  },
} satisfies Options;

/** Only reference servers understand the parameters that these options send. */
const reference = {
  bytes: {
    flags: '--bytes [n]',
    about: 'pad the data of each event to this number of bytes (default: 0)',
    ...wholeNumber(0, 2 ** 20, 1024),
  },
  quietStreams: {
    flags: '--quiet-streams [n]',
    about: 'extra streams without events (default: --streams/5, max. 200)',
    ...wholeNumber(0, mostStreams, 200),
  },
  ticker: {
    flags: '--ticker [which]',
    about: 'server timers: one per stream (own) or shared by all (default: own)',
    ...oneOf(tickers),
  },
  serverProcesses: {
    flags: '--server-processes [n]',
    about: 'processes per server, on one port (default: 1, or as needed)',
    ...wholeNumber(1, mostServerProcesses, 4),
  },
} satisfies Options;

const measurement = {
  duration: {
    flags: '--duration [time]',
    about: 'length of each measurement (default: 10 intervals, at least 2.5s)',
    ...duration(1, '10s'),
  },
  ramp: {
    flags: '--ramp [time]',
    about: 'time to open all streams (default: 1s per 1,000, at least 1.5s)',
    ...duration(0, '5s'),
  },
  warmup: {
    flags: '--warmup [time]',
    about: 'warm-up after the ramp (default: 3 intervals, at least 500ms)',
    ...duration(0, '2s'),
  },
  rounds: {
    flags: '--rounds [n]',
    about: 'rounds per server; verdicts need 6 (default: 3; URL alone: 1)',
    ...wholeNumber(1, 1000, 6),
  },
  seed: {
    flags: '--seed [n]',
    about: 'seed of the order and of arrivals, to repeat a run (default: random)',
    ...wholeNumber(0, 2 ** 32 - 1, 42),
  },
} satisfies Options;

const comparison = {
  against: {
    flags: '--against [server]',
    about: 'compare with this server (default: the first given, or node-http)',
    words: Object.keys(catalog),
    ...anyName('the name of a server that is measured', 'express'),
  },
} satisfies Options;

/** Grouped as in help. */
export const optionGroups = {
  load,
  kinds: kindOptions,
  reference,
  events,
  measurement,
  comparison,
};

export const runOptions = {
  ...load,
  ...kindOptions,
  ...reference,
  ...events,
  ...measurement,
  ...comparison,
};
