/** Observes a server's counts while no client is connected. */
import {
  differ,
  idleInspections,
  onlyFell,
  isPendingKey,
  largestRises,
} from '../../verdict/noise.ts';
import { heldKey, type HeldKind } from '../../result/held.ts';
import type { Examination } from './examination.ts';
import { baselineOf, mostOf, type Baseline } from './baseline.ts';

/** A shorter pause would miss most work that comes and goes. */
const leastPauseMs = 1_500;
/** Two inspections, because a count can be the same twice by chance. */
const soonInspections = 2;
const soonMs = 200;
/** A count that still falls after this many inspections is watched for longer. */
const mostFalls = 5;

const entry: HeldKind = 'entry';
const isLeftOut = (key: string) => key.startsWith(`${entry}|`) || isPendingKey(key);

type Watched = Pick<Examination, 'server' | 'baseline' | 'mark' | 'noise' | 'time' | 'signal'>;

/**
 * Inspects a server without clients, and adds the rises of its counts to its known noise. A
 * collection that grows without clients is left out from now on: its entries are other work. The
 * same is true for promises and generators. An inspection stops the server and all its work. So the
 * inspections are separated by a pause as long as a round with clients.
 *
 * If counts only fall, the server probably closes what its first clients have used, such as the
 * connections of a pool. That is not noise, and a second window shows whether it has ended.
 *
 * @param pauseMs length of a round with clients
 */
export async function watchIdle(examination: Watched, pauseMs: number): Promise<void> {
  const {
    server: { inspection },
  } = examination;
  let inspections = await watchWindow(examination, pauseMs);
  if (onlyFell(inspections.map(({ held }) => held)))
    inspections = await watchWindow(examination, pauseMs);
  const noise = largestRises(
    inspections.map(({ held }) => held),
    examination.noise,
  );
  const busy = new Set([...noise.keys()].filter(isLeftOut));
  inspection.leaveOut(busy);
  const without = ({ held, ...others }: Baseline): Baseline => ({
    ...others,
    held: held.filter((each) => !busy.has(heldKey(each))),
  });
  examination.noise = new Map([...noise].filter(([key]) => !busy.has(key)));
  examination.baseline = without(inspections.at(-1)!);
  examination.mark = without(inspections.reduce(mostOf, examination.mark));
}

/** The inspections of a window, half of them after a pause. */
async function watchWindow(
  { server: { inspection }, time, signal }: Watched,
  pauseMs: number,
): Promise<Baseline[]> {
  const inspections: Baseline[] = [];
  for (let place = 0; place < idleInspections; place++) {
    if (place > 0)
      await time.sleep(
        place === idleInspections / 2 ? Math.max(leastPauseMs, pauseMs) : soonMs,
        signal,
      );
    inspections.push(await baselineOf(inspection, time));
  }
  return inspections;
}

/**
 * Inspects a server twice more, and watches it for longer only if a count has changed. So a quiet
 * server costs no extra time. If counts only fall, two inspections after the fall must be equal.
 */
export async function watchIfBusy(examination: Watched & { baseline: Baseline }): Promise<void> {
  const {
    server: { inspection },
    time,
    signal,
  } = examination;
  for (let [equal, n] = [0, 0]; equal < soonInspections; n++) {
    const { held } = examination.baseline;
    await time.sleep(soonMs, signal);
    examination.baseline = await baselineOf(inspection, time);
    const isEqual = !differ(held, examination.baseline.held);
    if (!isEqual && (n >= mostFalls || !onlyFell([held, examination.baseline.held])))
      return watchIdle(examination, leastPauseMs);
    equal = isEqual ? equal + 1 : 0;
  }
}
