/** Release times: from the client's leaving to the server's letting go. Pure. */
import { createHistogram } from '../measure/histogram.ts';

/**
 * How long after the client's k-th leaving the server's k-th letting go came. Which timer belonged to which
 * stream cannot be told from outside; servers let go in the order in which they hear of it, and the mean is
 * the same for any other pairing.
 *
 * @param closedNs when the client closed its streams, ascending
 * @param releasedNs when the server let go, ascending; fewer where it still holds some
 * @returns an encoded histogram, empty where the server let go of more than the streams' own
 */
export function releaseTimes(closedNs: ArrayLike<number>, releasedNs: readonly number[]): string {
  const histogram = createHistogram();
  // More of them than streams left: some have another purpose, and none can be told from the others.
  const pairs = releasedNs.length > closedNs.length ? 0 : releasedNs.length;
  for (let k = 0; k < pairs; k++) histogram.recordNs(releasedNs[k]! - closedNs[k]!);
  return histogram.encode();
}
