/** The scenario that the values of options describe, with its defaults. Pure, except for the seed. */
import { randomInt } from 'node:crypto';
import type { EventOptions } from './event-options.ts';
import { kindOf, type Load } from './kinds/kinds.ts';
import type { OptionValues } from './option.ts';
import type { runOptions } from './options.ts';
import { readReconnectDelay } from './reconnect-delay.ts';
import {
  completeScenario,
  type Scenario,
  type ServerUnderTest,
  type UrlUnderTest,
} from './scenario.ts';
import { commonInterval } from './servers-of-run.ts';
import type { SmallLoad } from './small-load.ts';

/** The values of all options of a run; those not given are absent. */
export type RunValues = OptionValues<typeof runOptions>;

export const urlsAmong = (serversUnderTest: readonly ServerUnderTest[]): UrlUnderTest[] =>
  serversUnderTest.filter((server) => server.kind === 'url');

/** The streams besides the paced ones. */
export interface Cohorts {
  slowReaders: number;
  remainingStreams: number;
  /** How many quiet streams accompany this many paced ones. */
  quietStreamsFor(paced: number): number;
}

export function cohortsOf(
  { quietStreams, slowReaders = 0, remainingStreams = 0 }: RunValues,
  load: Load,
  serversUnderTest: readonly ServerUnderTest[],
): Cohorts {
  const { hasQuietStreams = true } = kindOf(load);
  const hasNone = !hasQuietStreams || urlsAmong(serversUnderTest).length > 0;
  return {
    slowReaders,
    remainingStreams,
    quietStreamsFor: (paced) =>
      quietStreams ?? (hasNone ? 0 : Math.min(200, Math.floor(paced / 5))),
  };
}

export const eventsIn = (values: RunValues): EventOptions => ({
  sequence: values.sequence ?? null,
  stamp: values.stamp ?? null,
  sequenceOf: values.sequenceOf ?? null,
  byEvent: values.byEvent ?? false,
});

interface RestOfScenario {
  load: Load;
  serversUnderTest: readonly ServerUnderTest[];
  smallLoad: SmallLoad;
  cohorts: Cohorts & { streams: number };
  serverProcesses: number;
}

/** The scenario, with defaults for all values that were not given. It has no headers yet. */
export function scenarioOf(
  values: RunValues,
  { load, serversUnderTest, smallLoad, cohorts, serverProcesses }: RestOfScenario,
): Scenario {
  const { streams, slowReaders, remainingStreams, quietStreamsFor } = cohorts;
  const reference = serversUnderTest.some(({ kind }) => kind === 'reference');
  const given = {
    name: values.scenario ?? null,
    load,
    streams,
    payloadBytes: values.bytes ?? 0,
    ticker: values.ticker ?? 'own',
    serverProcesses,
    slowReaders,
    slowBytesPerSecond: values.slowBytes ?? 0,
    remainingStreams,
    quietStreams: quietStreamsFor(streams),
    intervalMs: values.interval ?? (reference ? 100 : commonInterval(urlsAmong(serversUnderTest))),
    rampMs: values.ramp,
    warmUpMs: values.warmup,
    durationMs: values.duration,
    rounds: values.rounds ?? smallLoad.rounds?.value,
    seed: values.seed ?? randomInt(2 ** 32),
    reconnect: values.reconnect ? readReconnectDelay(values, streams) : null,
    disconnect: values.disconnect ?? 'fin',
    transport: values.transport ?? 'socket',
    streamsPerConnection: values.streamsPerConnection ?? null,
    headers: {},
    events: eventsIn(values),
  };
  return completeScenario(given, serversUnderTest);
}
