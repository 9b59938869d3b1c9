/** What a server's counts do while no client is connected. */
import { differ, idleInspections, largestRises } from '../verdict/noise.ts';
import type { Examination } from './examination.ts';
import { baselineOf, mostOf, type Baseline } from './settle.ts';

/** Shorter, and little of what comes and goes would be seen. */
const leastPauseMs = 1_500;
/** By chance a count may be the same twice. */
const soonInspections = 2;
const soonMs = 200;

type Watched = Pick<Examination, 'subject' | 'baseline' | 'mark' | 'noise' | 'time' | 'signal'>;

/**
 * Inspects a server without clients, and adds what its counts rise by to what is known of its noise. An inspection stops
 * the server, and with it other work. So there is a pause between the inspections, as there is while clients come.
 *
 * @param pauseMs how long clients would come
 */
export async function watchIdle(examination: Watched, pauseMs: number): Promise<void> {
  const {
    subject: { inspection },
    time,
    signal,
  } = examination;
  const inspections: Baseline[] = [];
  for (let place = 0; place < idleInspections; place++) {
    if (place > 0)
      await time.sleep(
        place === idleInspections / 2 ? Math.max(leastPauseMs, pauseMs) : soonMs,
        signal,
      );
    inspections.push(await baselineOf(inspection));
  }
  examination.noise = largestRises(
    inspections.map(({ held }) => held),
    examination.noise,
  );
  examination.baseline = inspections.at(-1)!;
  examination.mark = inspections.reduce(mostOf, examination.mark);
}

/** Inspects a server twice more, and if any count has changed by then, for longer: a quiet server costs no more time. */
export async function watchIfBusy(examination: Watched & { baseline: Baseline }): Promise<void> {
  const {
    subject: { inspection },
    baseline,
    time,
    signal,
  } = examination;
  for (let n = 0; n < soonInspections; n++) {
    await time.sleep(soonMs, signal);
    examination.baseline = await baselineOf(inspection);
    if (differ(baseline.held, examination.baseline.held))
      return watchIdle(examination, leastPauseMs);
  }
}
