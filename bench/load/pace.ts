/**
 * Whether a stream has fallen silent whose server has no interval that anybody knows: judged by the stream's own pace, so
 * that a server that sends little is not accused. Pure: time is an argument, in nanoseconds of the common clock.
 */
export interface Pace {
  /** Something of a stream's body came: events, comments, parts of them. */
  read(stream: number, atNs: number): void;
  event(stream: number): void;
  /** We did not read it for a while, and do now: that was no silence of the stream. */
  readOn(stream: number, atNs: number): void;
  /** @returns what is wrong with a stream that is open until `endNs`, if it fell silent */
  silence(stream: number, endNs: number): string | undefined;
}

/** So many events, over so long, make a pace: a few at once may be all that there is to send for now. */
const leastEvents = 3;
const leastPaceMs = 1_000;
/** A silence is that much longer than the longest that the stream went on after, and at least this long. */
const timesLongest = 5;
const leastSilenceMs = 1_000;

const seconds = (timeNs: number) => `${(timeNs / 1e9).toFixed(1)} s`;

export function createPace(streams: number): Pace {
  const firstNs = new Float64Array(streams);
  const lastNs = new Float64Array(streams);
  const events = new Float64Array(streams);
  const longestGapNs = new Float64Array(streams);
  /** The longest silence that any stream went on after: what one survives, others may. */
  let longestOfAllNs = 0;

  return {
    read(stream, atNs) {
      if (firstNs[stream] === 0) firstNs[stream] = atNs;
      else {
        const gapNs = atNs - lastNs[stream]!;
        if (gapNs > longestGapNs[stream]!) longestGapNs[stream] = gapNs;
        if (gapNs > longestOfAllNs) longestOfAllNs = gapNs;
      }
      lastNs[stream] = atNs;
    },
    event: (stream) => void events[stream]!++,
    readOn(stream, atNs) {
      if (firstNs[stream] !== 0) lastNs[stream] = atNs;
    },
    silence(stream, endNs) {
      const silentNs = endNs - lastNs[stream]!;
      const hasPace =
        events[stream]! >= leastEvents && lastNs[stream]! - firstNs[stream]! >= leastPaceMs * 1e6;
      const limitNs = Math.max(
        leastSilenceMs * 1e6,
        timesLongest * longestGapNs[stream]!,
        longestOfAllNs,
      );
      if (!hasPace || silentNs < limitNs) return undefined;
      return (
        `nothing received in the last ${seconds(silentNs)}, after ${events[stream]} events that were at most ${seconds(longestGapNs[stream]!)} apart; ` +
        'if it may be silent for so long, give its longest gap with --interval'
      );
    },
  };
}
