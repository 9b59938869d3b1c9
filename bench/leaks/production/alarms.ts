/** Turns the inspections of a running process into growing counts and alarms. */
import { heldKey, type Held } from '../../result/held.ts';
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

type Raised = Omit<WatchAlarm, 'type' | 'at'>;

export interface Alarms {
  /**
   * Takes the newest inspection.
   *
   * @returns all growing counts, and the alarms that were not raised before
   */
  add(observation: Observation): Promise<{ growing: WatchedGrowth[]; raised: Raised[] }>;
  /** All alarms that were raised, with their newest counts. */
  all(): WatchedGrowth[];
}

export interface AlarmOptions {
  /** Growth per disconnect that is no alarm. */
  tolerated: number;
  isIgnored(held: Held): boolean;
  /** Formats the time of an observation. */
  timeOf(atMs: number): string;
  /**
   * Names the variable of a collection, from one of its entries. Called once for each collection,
   * before its alarm.
   *
   * @returns `undefined` if the collection belongs to Node
   */
  nameOf(entry: Held): Promise<Held | undefined>;
}

export function createAlarms({ tolerated, isIgnored, timeOf, nameOf }: AlarmOptions): Alarms {
  const observations: Observation[] = [];
  /** By the key without a name. */
  const raised = new Map<string, WatchedGrowth>();
  const names = new Map<string, Held | undefined>();
  /** Consequences of alarms, which are no alarms of their own. */
  const explained = new Set<string>();

  function named({ held, ...growth }: Growth): Growth {
    const { what, place } = names.get(heldKey(held)) ?? held;
    return { ...growth, held: { ...held, what, place } };
  }
  const lineOf = (growth: Growth) => lineFor(named(growth), timeOf(growth.sinceMs));
  /** Whether it may be an alarm, also with the name that it gets here. */
  async function isAccused({ held }: Growth): Promise<boolean> {
    const key = heldKey(held);
    if (held.kind === 'entry' && !names.has(key)) names.set(key, await nameOf(held));
    const known = names.has(key) ? names.get(key) : held;
    return known !== undefined && !isIgnored(known);
  }

  return {
    async add(observation) {
      const held = observation.held.filter((each) => !isIgnored(each));
      observations.push({ ...observation, held });
      if (observations.length > mostObservations) observations.shift();
      const all = growthIn(observations, tolerated);
      const fresh: Growth[] = [];
      for (const growth of all) {
        const key = heldKey(growth.held);
        if (raised.has(key)) raised.set(key, lineOf(growth));
        else if (growth.isAlarm && !explained.has(key) && (await isAccused(growth)))
          fresh.push(growth);
      }
      const findings = findingsOf([{ mode, about: mode, leaks: fresh.map(leakOf) }]);
      const alarms = findings.map((finding) => {
        const key = heldKey(finding);
        const growth = fresh.find((each) => heldKey(each.held) === key)!;
        const line = lineOf(growth);
        raised.set(key, line);
        for (const other of finding.consequences) explained.add(heldKey(other));
        return alarmOf(finding, line);
      });
      return { growing: all.map(lineOf), raised: alarms };
    },
    all: () => [...raised.values()],
  };
}

/** Disconnects in production are of unknown modes. */
const mode = 'production';

function lineFor(growth: Growth, since: string): WatchedGrowth {
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

function alarmOf({ consequences, advice, docs }: LeakFinding, line: WatchedGrowth): Raised {
  const code = codeAt(line.place);
  return {
    ...line,
    ...(code && { code }),
    consequences: consequences.map(({ modes: _modes, ...other }) => other),
    advice,
    docs,
  };
}
