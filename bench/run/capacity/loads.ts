/**
 * The loads that a search varies: the number of streams, or the events per second on each stream.
 * Pure.
 */
import type { RoundContext } from '../round/context.ts';
import { roomIn } from '../../scenario/server-processes.ts';
import type { Search } from '../../scenario/kinds/search.ts';
import type { Scenario, ServerUnderTest } from '../../scenario/scenario.ts';
import { rampMsPerStream } from '../../scenario/tls-cost.ts';
import type { SearchOptions } from './search.ts';

interface LoadKind {
  /** The start and the limits of a search, and the nearest load that the options can express. */
  range(
    context: Pick<RoundContext, 'scenario' | 'limits'>,
  ): Pick<SearchOptions, 'start' | 'least' | 'largest' | 'snap'>;
  /** The scenario with this load on a server. */
  under(scenario: Scenario, load: number, serverUnderTest: ServerUnderTest): Scenario;
}

/** A p99 needs 1,000 events; a few are lost at the start and the end. */
const eventsForP99 = 1_200;
const longestMs = 60_000;

/** Makes the measurement of a few streams long enough for the events of a p99, but at most 60 s. */
function longEnough(scenario: Scenario): Scenario {
  const neededMs = (eventsForP99 * (scenario.intervalMs ?? 1_000)) / scenario.streams;
  return {
    ...scenario,
    durationMs: Math.max(scenario.durationMs, Math.min(longestMs, Math.ceil(neededMs))),
  };
}

export const loadKinds: Readonly<Record<Search['of'], LoadKind>> = {
  streams: {
    range({ scenario: { streams, quietStreams, serverProcesses }, limits }) {
      const room = roomIn(serverProcesses, limits.descriptors);
      // Several processes need Linux, where the load has several addresses with ports of their own.
      const largest = (serverProcesses > 1 ? room : Math.min(room, limits.ports)) - quietStreams;
      return { start: Math.min(streams, largest), least: 1, largest, snap: Math.round };
    },
    under(scenario, streams, serverUnderTest) {
      const rampMs = Math.max(scenario.rampMs, streams * rampMsPerStream([serverUnderTest]));
      return longEnough({ ...scenario, streams, rampMs });
    },
  },
  // Intervals are whole milliseconds, so only some rates are possible.
  rate: {
    range: ({ scenario }) => ({
      start: 1_000 / scenario.intervalMs!,
      least: 1,
      largest: 1_000,
      snap: (perSecond) => 1_000 / Math.max(1, Math.round(1_000 / perSecond)),
    }),
    under: (scenario, perSecond) =>
      longEnough({ ...scenario, intervalMs: Math.round(1_000 / perSecond) }),
  },
};
