/** Turns the inspections of a running process into growing counts and alarms. */
import { heldKey } from '../../result/held.ts';
import { findingsOf } from '../../result/leak-findings.ts';
import type { Leak, LeakFinding } from '../../result/leak-result.ts';
import type { WatchAlarm, WatchedGrowth } from '../../result/watch-result.ts';
import {
  growthIn,
  mostObservations,
  type Growth,
  type Observation,
} from '../../verdict/steady-growth.ts';
import { codeAt } from '../source-code.ts';

export interface Alarms {
  /** Takes the newest inspection. */
  add(observation: Observation): {
    growing: WatchedGrowth[];
    /** Alarms that were not raised before. */
    raised: Omit<WatchAlarm, 'type' | 'at'>[];
  };
  /** All alarms that were raised, with their newest counts. */
  all(): WatchedGrowth[];
}

/**
 * @param ignore parts of descriptions or places, such as `src/events.ts:14`; things with such a part
 * are left out
 * @param timeOf formats the time of an observation
 */
export function createAlarms(
  tolerated: number,
  isIgnored: (held: Growth['held']) => boolean,
  timeOf: (atMs: number) => string,
): Alarms {
  const observations: Observation[] = [];
  const raised = new Map<string, WatchedGrowth>();
  /** Consequences of alarms, which are no alarms of their own. */
  const explained = new Set<string>();
  const lineOf = (growth: Growth): WatchedGrowth => watched(growth, timeOf(growth.sinceMs));

  return {
    add(observation) {
      observations.push({
        ...observation,
        held: observation.held.filter((held) => !isIgnored(held)),
      });
      if (observations.length > mostObservations) observations.shift();
      const all = growthIn(observations, tolerated);
      for (const growth of all) {
        const key = heldKey(growth.held);
        if (raised.has(key)) raised.set(key, lineOf(growth));
      }
      const fresh = all.filter(
        ({ held, isAlarm }) =>
          isAlarm && !raised.has(heldKey(held)) && !explained.has(heldKey(held)),
      );
      const findings = findingsOf([{ mode, about: mode, leaks: fresh.map(leakOf) }]);
      const alarms = findings.map((finding) => {
        const key = heldKey({ ...finding, count: 0 });
        const line = lineOf(fresh.find(({ held }) => heldKey(held) === key)!);
        raised.set(key, line);
        for (const other of finding.consequences) explained.add(heldKey({ ...other, count: 0 }));
        return alarmOf(finding, line);
      });
      return { growing: all.map(lineOf), raised: alarms };
    },
    all: () => [...raised.values()],
  };
}

/** Disconnects in production are of unknown modes. */
const mode = 'production';

function watched(growth: Growth, since: string): WatchedGrowth {
  const { held, grown, disconnects, perDisconnect, records, needed } = growth;
  const { count, ...thing } = held;
  return { ...thing, held: count, grown, disconnects, perDisconnect, since, records, needed };
}

const leakOf = ({ held, grown, disconnects, perDisconnect }: Growth): Leak => ({
  ...held,
  count: grown,
  perDisconnect,
  disconnects,
  afterMs: 0,
  releasedAfterMs: null,
});

function alarmOf(
  { consequences, advice, docs, place }: LeakFinding,
  line: WatchedGrowth,
): Omit<WatchAlarm, 'type' | 'at'> {
  const code = codeAt(place);
  return {
    ...line,
    ...(code && { code }),
    consequences: consequences.map(({ kind, what, place: at, traced, library, perDisconnect }) => ({
      kind,
      what,
      place: at,
      traced,
      library,
      perDisconnect,
    })),
    advice,
    docs,
  };
}
