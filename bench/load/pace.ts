/**
 * Decides whether a stream has fallen silent if the interval of its server is unknown. It compares
 * a stream with its own pace, so that a server that sends little does not fail. Pure: times are
 * nanoseconds of the common clock.
 */
export interface Pace {
  /** A part of the body arrived: events, comments, or parts of them. */
  read(stream: number, atNs: number): void;
  event(stream: number): void;
  /** We read the stream again after a pause of ours or a reconnect, which is no silence. */
  readOn(stream: number, atNs: number): void;
  /** @returns the failure of a stream that is open until `endNs`, if it fell silent */
  silence(stream: number, endNs: number): string | undefined;
}

/**
 * A pace needs at least this many events over at least this time: a few at once may be all there is
 * to send for now.
 */
const leastEvents = 3;
const leastPaceMs = 1_000;
/**
 * A silence is this many times longer than the longest one the stream resumed from, and at least
 * this long.
 */
const timesLongest = 5;
const leastSilenceMs = 1_000;

/**
 * The factor for a stream with as few gaps as the place in this list, if the gaps differ. The
 * longest of a few random gaps says little about the next one. With these factors, one of 1,000
 * streams with events at random moments is silent for longer.
 */
const timesLongestOfFew = [Infinity, 1_000, 43, 17, 10.5, 7.8, 6.4, 5.6];
/** The gaps of a regular stream: the longest is at most this many times as long as their mean. */
const mostRegular = 1.2;

function timesLongestOf(gaps: number, longestNs: number, sumNs: number): number {
  const isRegular = longestNs * gaps <= mostRegular * sumNs;
  return isRegular ? timesLongest : (timesLongestOfFew[gaps] ?? timesLongest);
}

const seconds = (timeNs: number) => `${(timeNs / 1e9).toFixed(1)} s`;

export function createPace(streams: number): Pace {
  /** When each stream last received something; 0 if it has not. */
  const lastNs = new Float64Array(streams);
  const events = new Float64Array(streams);
  const gaps = new Float64Array(streams);
  const longestGapNs = new Float64Array(streams);
  /** The sum of the gaps, without the time in which the stream was not read. */
  const pacedNs = new Float64Array(streams);
  /** The longest silence that any stream resumed from. Other streams may be silent for as long. */
  let longestOfAllNs = 0;

  return {
    read(stream, atNs) {
      if (lastNs[stream] !== 0) {
        const gapNs = atNs - lastNs[stream]!;
        gaps[stream]!++;
        pacedNs[stream]! += gapNs;
        if (gapNs > longestGapNs[stream]!) longestGapNs[stream] = gapNs;
        if (gapNs > longestOfAllNs) longestOfAllNs = gapNs;
      }
      lastNs[stream] = atNs;
    },
    event: (stream) => void events[stream]!++,
    readOn(stream, atNs) {
      if (lastNs[stream] !== 0) lastNs[stream] = atNs;
    },
    silence(stream, endNs) {
      const silentNs = endNs - lastNs[stream]!;
      const hasPace = events[stream]! >= leastEvents && pacedNs[stream]! >= leastPaceMs * 1e6;
      const limitNs = Math.max(
        leastSilenceMs * 1e6,
        timesLongestOf(gaps[stream]!, longestGapNs[stream]!, pacedNs[stream]!) *
          longestGapNs[stream]!,
        longestOfAllNs,
      );
      if (!hasPace || silentNs < limitNs) return undefined;
      return (
        `nothing received in the last ${seconds(silentNs)}, after ${events[stream]} events that were at most ${seconds(longestGapNs[stream]!)} apart; ` +
        'if such pauses are normal, give the longest one with --interval'
      );
    },
  };
}
