/** What leaks: what is still held and grows with the number of disconnects. Pure. */
import { heldKey, isRate, type Held } from '../measure/held.ts';

/** What a round of one mode left behind. */
export interface ModeRound {
  disconnects: number;
  grown: readonly Held[];
  /** How long was waited for the server to let go. */
  tookMs: number;
}

export interface Leak extends Held {
  /** The slope: 1 where each disconnect leaves one. */
  perDisconnect: number;
  /** `count` of them, after so many disconnects. */
  disconnects: number;
  /** How long after the last of them it was still there, at least. */
  afterMs: number;
}

/**
 * A leak is what grew in every round, and more in larger ones. Its slope is that of the least squares over sizes of
 * rounds, so that what comes once, or once a round, is none. Rates do not add up like things, since timers that are due
 * together wake a process once, and a busy one writes no more for more streams: of them it is enough that they grew each
 * time, and the mean is told.
 *
 * @param most slopes up to this are no leak
 */
export function leaksOf(rounds: readonly ModeRound[], most: number): Leak[] {
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  const things = new Map(rounds.flatMap(({ grown }) => grown).map((held) => [heldKey(held), held]));
  const leaks = [...things].flatMap(([key, held]): Leak[] => {
    const counts = rounds.map(({ grown }) => grown.find((each) => heldKey(each) === key)?.count ?? 0);
    const sum = counts.reduce((total, count) => total + count, 0);
    const perDisconnect = isRate(held.kind) ? sum / disconnects : slope(rounds.map((round) => round.disconnects), counts);
    if (perDisconnect <= most || counts.includes(0)) return [];
    return [{ ...held, count: sum, perDisconnect, disconnects, afterMs: Math.min(...rounds.map(({ tookMs }) => tookMs)) }];
  });
  // What lives on keeps its response, of which nothing more is to be said then.
  const causes = leaks.filter(({ kind }) => kind !== 'response');
  return (causes.length > 0 ? causes : leaks).toSorted((a, b) => byLibrary(a) - byLibrary(b) || b.count - a.count);
}

/** What is in one's own code comes first. */
const byLibrary = ({ place }: Held) => Number(place?.file.includes('node_modules/') ?? true);

/** Of the straight line through the points, by least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
  return spread === 0 ? y / x : xs.reduce((sum, each, index) => sum + (each - x) * (ys[index]! - y), 0) / spread;
}
