/** What a server's counts do while no client is connected. */
import { setTimeout as sleep } from 'node:timers/promises';
import { differ, idleInspections, largestRises, mostNoise } from '../verdict/noise.ts';
import type { Examination } from './examination.ts';
import { baselineOf, mostOf, type Baseline } from './settle.ts';

/** Shorter, and little of what comes and goes would be seen. */
const leastMs = 2_500;
/** By chance a count may be the same twice. */
const soonInspections = 2;
const soonMs = 200;

type Watched = Pick<Examination, 'subject' | 'baseline' | 'mark' | 'noise' | 'signal'>;

/** Inspects a server again and again without clients, and adds what its counts rise by to what is known of its noise. */
export async function watchIdle(examination: Watched, ms: number): Promise<void> {
  const { subject: { look }, signal } = examination;
  const looks: Baseline[] = [];
  const startMs = performance.now();
  const wholeMs = Math.max(leastMs, ms);
  for (let place = 0; place < idleInspections; place++) {
    const atMs = startMs + (place * wholeMs) / (idleInspections - 1);
    await sleep(Math.max(0, atMs - performance.now()), undefined, { signal });
    looks.push(await baselineOf(look));
  }
  examination.noise = mostNoise(examination.noise, largestRises(looks.map(({ held }) => held)));
  examination.baseline = looks.at(-1)!;
  examination.mark = looks.reduce(mostOf, examination.mark);
}

/** Inspects a server twice more, and if any count has changed by then, for longer: a quiet server costs no more time. */
export async function watchIfBusy(examination: Watched & { baseline: Baseline }): Promise<void> {
  const { subject: { look }, baseline, signal } = examination;
  for (let n = 0; n < soonInspections; n++) {
    await sleep(soonMs, undefined, { signal });
    examination.baseline = await baselineOf(look);
    if (differ(baseline.held, examination.baseline.held)) return watchIdle(examination, leastMs);
  }
}
