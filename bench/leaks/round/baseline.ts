/** The counts of one inspection. Later inspections are compared with them. */
import { atMost, type Held } from '../../result/held.ts';
import type { Time } from '../../system/time.ts';
import type { Glance, Inspection } from '../inspection/inspection.ts';

/** The state before the round, to which the server must return. */
export interface Baseline {
  held: readonly Held[];
  glance: Glance;
  /** How long the inspection took. */
  tookMs: number;
}

export async function baselineOf(
  inspection: Inspection,
  { nowMs }: Pick<Time, 'nowMs'>,
): Promise<Baseline> {
  const startMs = nowMs();
  const held = await inspection.take();
  const tookMs = nowMs() - startMs;
  return { held, glance: await inspection.glance(), tookMs };
}

/** The larger value of each count. */
export function mostOf(one: Baseline, other: Baseline): Baseline {
  const most = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
  return {
    held: atMost(one.held, other.held),
    glance: {
      connections: most(one.glance.connections, other.glance.connections),
      timers: most(one.glance.timers, other.glance.timers),
    },
    tookMs: other.tookMs,
  };
}
