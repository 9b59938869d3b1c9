/** Keeps the counts of a watch, and reports its lines. */
import type { Held } from '../../result/held.ts';
import type { WatchEnd, WatchLine } from '../../result/watch-result.ts';
import type { Disconnects } from '../../system/disconnects.ts';
import { inspectionsToJudge } from '../../verdict/steady-growth.ts';
import { createAlarms, type AlarmOptions } from './alarms.ts';
import type { Inspected, WatchedProcess } from './watched-process.ts';

export interface Journal {
  /** The inspections that succeeded. */
  inspections(): number;
  start(process: Pick<WatchedProcess, 'pid' | 'ports'>, everyMs: number): void;
  /** @param connections since the last inspection that succeeded */
  inspected(inspected: Inspected, connections: Disconnects): Promise<void>;
  failed(reason: string): void;
  end(because: WatchEnd['because'], reason: string | null): WatchEnd;
}

export interface JournalOptions {
  /** Growth per disconnect that is no alarm. */
  tolerated: number;
  isIgnored(held: Held): boolean;
  nameOf: AlarmOptions['nameOf'];
  date(): Date;
  report(line: WatchLine): void;
}

export function createJournal(options: JournalOptions): Journal {
  const { tolerated, isIgnored, nameOf, date, report } = options;
  const timeOf = (ms: number) => new Date(ms).toISOString();
  const alarms = createAlarms({ tolerated, isIgnored, nameOf, timeOf });
  const total: Pick<
    WatchEnd,
    'inspections' | 'disconnects' | 'disconnectsAtMost' | 'longestPauseMs'
  > = { inspections: 0, disconnects: 0, disconnectsAtMost: 0, longestPauseMs: null };
  const at = () => date().toISOString();

  return {
    inspections: () => total.inspections,
    start: ({ pid, ports }, everyMs) =>
      report({
        type: 'start',
        schemaVersion: 1,
        at: at(),
        pid,
        ports: [...ports],
        everyMs,
        tolerated,
      }),
    async inspected({ held, pauseMs, inspectorWasOpen }, { open, closed, atMost }) {
      // The watch begins with the first inspection.
      const isFirst = total.inspections === 0;
      const [disconnects, disconnectsAtMost] = isFirst ? [0, 0] : [closed, atMost];
      const atMs = date().getTime();
      const { growing, raised } = await alarms.add({ atMs, held, open, disconnects });
      total.inspections++;
      total.disconnects += disconnects;
      total.disconnectsAtMost = sumOf(total.disconnectsAtMost, disconnectsAtMost);
      total.longestPauseMs = Math.max(total.longestPauseMs ?? 0, pauseMs);
      report({
        type: 'inspection',
        at: timeOf(atMs),
        number: total.inspections,
        pauseMs,
        inspectorWasOpen,
        open,
        disconnects,
        disconnectsAtMost,
        growing,
      });
      for (const alarm of raised) report({ type: 'alarm', at: at(), ...alarm });
    },
    failed: (reason) => report({ type: 'failed', at: at(), reason }),
    end(because, reason) {
      const line: WatchEnd = {
        type: 'end',
        at: at(),
        because,
        reason,
        ...total,
        needed: inspectionsToJudge,
        isJudged: total.inspections >= inspectionsToJudge,
        alarms: alarms.all(),
      };
      report(line);
      return line;
    },
  };
}

const sumOf = (one: number | null, other: number | null) =>
  one === null || other === null ? null : one + other;
