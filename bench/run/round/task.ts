/** Creates the task of a round for its generators. */
import type { LoadTask } from '../../load/task.ts';
import { localAddressesFor, type MachineLimits } from '../../scenario/limits.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import { streamsPerConnection } from '../../scenario/http2.ts';
import { mostRedirects } from '../../stream/redirect.ts';
import { kindOf } from '../../scenario/kinds/kinds.ts';
import {
  loadOf,
  quietIntervalMs,
  stallAfterMs,
  longPauseMs,
  type Scenario,
  type ServerUnderTest,
} from '../../scenario/scenario.ts';
import { eventsOf, requestOf } from '../../scenario/server-settings.ts';
import { hasOurClock } from '../../scenario/servers-under-test.ts';
import type { RoundContext } from './context.ts';

export type RoundTask = Omit<LoadTask, 'generator' | 'generators'>;

/** Time for the generators to receive their task before the ramp begins. */
const leadMs = 100;

/**
 * A stall is seen through timers that are due during it. A stall that starts just after a tick
 * appears shorter by up to one interval.
 */
const longestStormIntervalMs = 20;

/**
 * Time from the start of the measurement to the cut, so that the server has been sampled before.
 */
const beforeCutMs = 20;

/** @param cutAtNs when streams are cut, if the load plans it */
function reconnectTask(scenario: Scenario, cutAtNs: number): RoundTask['reconnect'] {
  const load = loadOf(scenario, 'reconnect');
  const delay = load ?? scenario.reconnect;
  if (delay === null) return null;
  const { retryMs, jitterMs } = delay;
  const cut = load ? { atNs: cutAtNs, byClients: load.how === 'client' } : null;
  return { cut, retryMs, jitterMs };
}

/** The requests of the open model, as streams whose lifetime the server decides. */
function arrivalsOfAnswers(scenario: Scenario): LoadTask['plan']['churn'] {
  const { arrivals } = loadOf(scenario, 'answers') ?? {};
  return arrivals ? { ...arrivals, lifetimeMs: Infinity, lifetimes: 'fixed' } : null;
}

/** Enough for all connections of a round. Each redirect takes a connection of its own. */
export function localAddressesOf(
  scenario: Scenario,
  request: RequestOptions,
  hostname: string,
  limits: MachineLimits,
): (string | undefined)[] {
  const { socketPath, followsRedirects } = request;
  if (socketPath !== null) return [undefined];
  const { load, streams, quietStreams, slowReaders, remainingStreams } = scenario;
  const paced = kindOf(load).connectionsOf?.(load, streams, scenario) ?? streams;
  const requests = paced + quietStreams + slowReaders + remainingStreams;
  const each = followsRedirects ? 1 + mostRedirects : 1;
  const connections = Math.ceil((each * requests) / streamsPerConnection(request));
  return localAddressesFor(hostname, connections, limits);
}

/** @param origin of a reference server, such as `http://127.0.0.1:41234` */
export function taskFor(
  serverUnderTest: ServerUnderTest,
  round: number,
  origin: string | undefined,
  { scenario, limits, world }: Pick<RoundContext, 'scenario' | 'limits' | 'world'>,
): RoundTask {
  const {
    streams,
    quietStreams,
    slowReaders,
    slowBytesPerSecond,
    remainingStreams,
    payloadBytes,
    ticker,
    load,
    rampMs,
    warmUpMs,
    durationMs,
  } = scenario;
  const { queryOf } = kindOf(load);
  const givenIntervalMs =
    serverUnderTest.kind === 'url' ? serverUnderTest.intervalMs : scenario.intervalMs;
  // Interval 0 means unlimited rate, which has no fixed interval.
  const intervalMs = givenIntervalMs === 0 ? null : givenIntervalMs;
  const rampAtNs = world.clock.nowNs() + leadMs * 1e6;
  const warmUpAtNs = rampAtNs + rampMs * 1e6;
  const measureAtNs = warmUpAtNs + warmUpMs * 1e6;
  const more = [
    ...(payloadBytes > 0 ? [`&bytes=${payloadBytes}`] : []),
    ...(ticker === 'shared' ? ['&ticker=shared'] : []),
    queryOf?.(load) ?? '',
  ].join('');
  const url = (interval: number | null) =>
    serverUnderTest.kind === 'url'
      ? serverUnderTest.url
      : `${origin}/event?interval=${interval}&stamp${more}`;
  // A storm can be shorter than the interval. So the remaining streams tick faster, to see its
  // effect.
  const stormIntervalMs =
    serverUnderTest.kind === 'url'
      ? intervalMs
      : Math.min(longestStormIntervalMs, intervalMs ?? Infinity);
  const parsed = new URL(url(givenIntervalMs));
  const request = requestOf(serverUnderTest, scenario);
  return {
    // Each round has different arrivals, but they are the same for all servers.
    plan: {
      streams,
      quietStreams,
      slowReaders,
      remainingStreams,
      rampMs,
      totalMs: rampMs + warmUpMs + durationMs,
      churn: loadOf(scenario, 'churn') ?? arrivalsOfAnswers(scenario),
      seed: scenario.seed + round,
    },
    url: url(givenIntervalMs),
    quietUrl: url(quietIntervalMs(scenario)),
    remainingUrl: url(stormIntervalMs),
    request,
    transport: scenario.transport,
    localAddresses: localAddressesOf(scenario, request, parsed.hostname, limits),
    rampAtNs,
    window: { warmUpAtNs, measureAtNs, disconnectAtNs: measureAtNs + durationMs * 1e6 },
    intervalMs,
    stormIntervalMs,
    firstNumber: serverUnderTest.kind === 'reference' ? 0 : 'any',
    sameClock: hasOurClock({ url: parsed.href, request }),
    events: eventsOf(serverUnderTest, scenario),
    keepsOwnPace: serverUnderTest.kind === 'url' && givenIntervalMs === null,
    stallAfterMs: stallAfterMs(givenIntervalMs),
    longPauseMs: longPauseMs(givenIntervalMs),
    slowBytesPerSecond,
    reconnect: reconnectTask(scenario, measureAtNs + beforeCutMs * 1e6),
    answers: loadOf(scenario, 'answers') ?? null,
    disconnect: scenario.disconnect,
  };
}
