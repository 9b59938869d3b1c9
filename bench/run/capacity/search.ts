/**
 * Searches for the largest load that holds: first doubles the load, then halves the gap.
 * Independent of servers.
 */

/** One try of a load. */
export interface Step<Outcome> {
  load: number;
  holds: boolean;
  outcome: Outcome;
}

export interface Knee<Outcome> {
  /** All tries, in order. */
  steps: Step<Outcome>[];
  /** The largest load that holds, or `null` if even the smallest does not. */
  most: number | null;
  /** The smallest load that does not hold, or `null` if even the largest holds. */
  tooMuch: number | null;
}

export interface SearchOptions {
  start: number;
  least: number;
  largest: number;
  /** The search ends when the two sides differ by no more than this share: 0.1 is 10 %. */
  within: number;
  /** The nearest load that can be set. Must preserve the order of loads. */
  snap(load: number): number;
  /**
   * How often the largest load that holds, and the smallest that does not, are tried in the end.
   */
  times: number;
}

/** Ends the search for a server whose results vary from try to try. */
const mostSteps = 40;

/**
 * Assumes that a load below one that holds holds too. In the end, both sides of the knee are tried
 * several times; a load holds if most of its tries did. If a side turns out wrong, the search
 * continues from there.
 *
 * @param attempt tries a load once; `holds` says whether the server sustained it
 */
export async function searchKnee<Outcome>(
  attempt: (load: number) => Promise<{ holds: boolean; outcome: Outcome }>,
  { start, least, largest, within, snap, times }: SearchOptions,
): Promise<Knee<Outcome>> {
  const steps: Step<Outcome>[] = [];
  const most = () => mostHeld(steps);
  const tooMuch = () => leastTooMuch(steps);

  for (
    let next: number | undefined = snap(start);
    next !== undefined && steps.length < mostSteps;
    next = following()
  ) {
    steps.push({ load: next, ...(await attempt(next)) });
  }
  return { steps, most: most() ?? null, tooMuch: tooMuch() ?? null };

  /** @returns the next load to try, or `undefined` if the search is complete */
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

/** The smallest load above it that did not hold in most of its tries. */
export const leastTooMuch = (steps: Tried): number | undefined =>
  known(steps).find((load) => !isHeld(steps, load) && load > (mostHeld(steps) ?? 0));
