/** Data for the charts over time: every round of every server, side by side. Pure; plain JSON. */
import type { MeasuredRound, RunResult, Timeline } from '../../result/run-result.ts';

export interface OverTime {
  /** Phases of the first round. They are planned, so they are equal in all rounds. */
  phases: { phase: string; fromMs: number; toMs: number }[];
  series: Series[];
}

interface Series {
  label: string;
  unit: string;
  /** Points of milliseconds since the first stream, and the value at that time. */
  lines: { server: string; round: number; points: [number, number][] }[];
}

type Sample = Timeline['samples'][number];

const kinds: readonly { label: string; unit: string; of: (sample: Sample) => number | null }[] = [
  { label: 'open streams', unit: '', of: ({ open }) => open },
  { label: 'event rate', unit: 'events/s', of: ({ eventsPerSecond }) => eventsPerSecond },
  { label: 'server CPU', unit: '% of a core', of: ({ cpuShare }) => cpuShare && 100 * cpuShare },
  { label: 'longest event-loop delay', unit: 'ms', of: ({ loopDelayMs }) => loopDelayMs },
  { label: 'mean delivery', unit: 'ms', of: ({ deliveryMs }) => deliveryMs },
  {
    label: 'server memory (RSS)',
    unit: 'MB',
    of: ({ rssBytes }) => rssBytes && rssBytes / 2 ** 20,
  },
];

/** @returns `null` if no round has a timeline */
export function overTime({ rounds }: Pick<RunResult, 'rounds'>): OverTime | null {
  const followed = rounds.filter(
    (round): round is MeasuredRound =>
      round.state === 'measured' && round.timeline.samples.length > 0,
  );
  const [first] = followed;
  if (!first) return null;
  const series = kinds.map(({ label, unit, of }) => ({
    label,
    unit,
    lines: followed.flatMap(({ server, round, timeline }) => {
      const points = timeline.samples.flatMap((sample): [number, number][] => {
        const value = of(sample);
        return value === null ? [] : [[sample.atMs, Number(value.toPrecision(4))]];
      });
      return points.length > 0 ? [{ server, round, points }] : [];
    }),
  }));
  return {
    phases: phasesOf(first.timeline),
    series: series.filter(({ lines }) => lines.length > 0),
  };
}

function phasesOf({ phases, samples }: Timeline): OverTime['phases'] {
  const endMs = Math.max(samples.at(-1)!.atMs, phases.at(-1)?.atMs ?? 0);
  return phases.map(({ phase, atMs }, place) => ({
    phase,
    fromMs: atMs,
    toMs: phases[place + 1]?.atMs ?? endMs,
  }));
}
