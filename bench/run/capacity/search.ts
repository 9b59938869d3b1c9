/** The search for the largest load that holds: doubling, then halving the gap. Knows nothing of servers. */

/** A load that was tried. */
export interface Step<Outcome> {
  load: number;
  holds: boolean;
  outcome: Outcome;
}

export interface Knee<Outcome> {
  /** Every load that was tried, in order. */
  steps: Step<Outcome>[];
  /** The largest that holds, tried so often; `null` where not even the smallest does. */
  most: number | null;
  /** The smallest that does not; `null` where even the largest holds. */
  tooMuch: number | null;
}

export interface SearchOptions {
  start: number;
  least: number;
  largest: number;
  /** How near the two come: 0.1 for a tenth. */
  within: number;
  /** The load nearest to a number that can be asked for; in ascending order as the numbers. */
  snap(load: number): number;
  /** How often the largest that holds, and the smallest that does not, are tried in the end. */
  times: number;
}

/** However a server may waver, it comes to an end. */
const mostSteps = 40;

/**
 * Takes for granted that what holds under a load holds under a smaller one. In the end both sides of the knee are tried
 * again: a load holds where most of its tries did; where the side turns out to be on the other, the search goes on from there.
 *
 * @param attempt one try; `holds` says whether the load was borne
 */
export async function searchKnee<Outcome>(
  attempt: (load: number) => Promise<{ holds: boolean; outcome: Outcome }>,
  { start, least, largest, within, snap, times }: SearchOptions,
): Promise<Knee<Outcome>> {
  const steps: Step<Outcome>[] = [];
  const most = () => mostHeld(steps);
  const tooMuch = () => known(steps).find((load) => !isHeld(steps, load) && load > (most() ?? 0));

  for (
    let next: number | undefined = snap(start);
    next !== undefined && steps.length < mostSteps;
    next = following()
  ) {
    steps.push({ load: next, ...(await attempt(next)) });
  }
  return { steps, most: most() ?? null, tooMuch: tooMuch() ?? null };

  /** What to try next; nothing where all is known. */
  function following(): number | undefined {
    const [below, above] = [most(), tooMuch()];
    if (below === undefined)
      return known(steps)[0]! > least
        ? Math.max(least, snap(known(steps)[0]! / 2))
        : fewest(known(steps)[0]!);
    if (above === undefined)
      return below < largest ? Math.min(largest, snap(2 * below)) : fewest(below);
    const middle = snap((below + above) / 2);
    if (middle > below && middle < above && above / below > 1 + within) return middle;
    return fewest(below) ?? fewest(above);
  }
  function fewest(load: number): number | undefined {
    return triesOf(steps, load).length < times ? load : undefined;
  }
}

type Tried = readonly Step<unknown>[];
const triesOf = (steps: Tried, load: number) => steps.filter((step) => step.load === load);
const isHeld = (steps: Tried, load: number) =>
  2 * triesOf(steps, load).filter(({ holds }) => holds).length > triesOf(steps, load).length;
const known = (steps: Tried) =>
  [...new Set(steps.map(({ load }) => load))].toSorted((a, b) => a - b);

/** The largest load that held in most of its tries. */
export const mostHeld = (steps: Tried): number | undefined =>
  known(steps).findLast((load) => isHeld(steps, load));
