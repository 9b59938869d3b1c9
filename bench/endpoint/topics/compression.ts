/**
 * Compression: what a browser receives, which accepts gzip and br. The second stream was opened at
 * the same moment without compression, so it shows what the compressed one had to receive.
 */
import { cutsOf } from '../cuts.ts';
import { burstOf, groupsOf } from '../groups.ts';
import { counted, percent, time } from '../numbers.ts';
import { browserEncodings, type Observations, type ObservedStream } from '../observations.ts';
import { compressionOf, encodingsOf } from '../../stream/encoding.ts';
import type { Topic } from './topic.ts';

/** With fewer events and comments, their absence may be chance. */
const leastArrivals = 3;
const leastGroup = 3;
const leastEveryMs = 500;

const asked = `with Accept-Encoding: ${browserEncodings}`;
const encodingText = ({ headers }: ObservedStream) =>
  `Content-Encoding: ${headers['content-encoding'] ?? '(none)'}`;
const arrivalsIn = ({ frames }: ObservedStream): number =>
  frames.events.length + frames.commentsAtMs.length;

/** An idle stream has only comments, as heartbeats. */
const arrivalsText = ({ frames: { events, commentsAtMs } }: ObservedStream): string =>
  events.length > 0 ? counted(events.length, 'event') : counted(commentsAtMs.length, 'comment');

const isAnswered = (stream: ObservedStream) => stream.status === 200 && stream.failure === null;

/**
 * Whether the server refuses every third stream, or lets it wait: then compression is not the cause.
 */
const isLimited = ({ third }: Observations): boolean => third !== null && third.status !== 200;

/** Both streams, if they can be compared. */
function pairOf(observations: Observations): Pair | undefined {
  const { second, compressed } = observations;
  if (!second || !compressed || isLimited(observations)) return undefined;
  return isAnswered(second) && arrivalsIn(second) >= leastArrivals
    ? { plain: second, compressed }
    : undefined;
}

type Pair = Record<'plain' | 'compressed', ObservedStream>;

function burstIn({ plain, compressed }: Pair): string | undefined {
  const { events } = compressed.frames;
  const burst = burstOf(events);
  return burst && !burstOf(plain.frames.events)
    ? `${percent(burst.share)} of the ${counted(events.length, 'event')} arrived in the last ${percent(burst.of)} of ${time(burst.overMs)} ${asked}`
    : undefined;
}

function groupsIn({ plain, compressed }: Pair): string | undefined {
  const [groups, without] = [groupsOf(compressed.frames.events), groupsOf(plain.frames.events)];
  const isGrouped =
    groups.size >= leastGroup &&
    groups.size >= 2 * without.size &&
    groups.count > 1 &&
    groups.everyMs >= leastEveryMs;
  return isGrouped
    ? `about ${Math.round(groups.size)} events every ${time(groups.everyMs)} ${asked}, and ${without.size.toFixed(1)} every ${time(without.everyMs)} without it`
    : undefined;
}

/** Some compressors hold back the last bits, so the end of each event arrives with the next one. */
function cutsIn({ plain, compressed }: Pair): string | undefined {
  const cut = cutsOf(compressed);
  return cut && !cutsOf(plain)
    ? `${cut.cuts} of ${counted(cut.pauses, 'pause')} were in the middle of an event ${asked}, and without it between events`
    : undefined;
}

const why =
  'All browsers accept compression. An event that the compressor holds back arrives late or never.';
const fix =
  'Do not compress text/event-stream (with compression(): a filter), or flush after each event (res.flush()).';

export const compression: Topic = {
  name: 'compression',
  dependsOnTime: true,
  skip(observations) {
    if (pairOf(observations)) return undefined;
    return isLimited(observations)
      ? 'the server accepts too few streams at a time'
      : `fewer than ${leastArrivals} events or comments arrived without it`;
  },
  rows: [
    {
      name: 'silent-with-compression',
      severity: 'error',
      what: 'No event arrives if the client accepts compression.',
      why,
      fix,
      find(observations) {
        const pair = pairOf(observations);
        if (!pair || pair.compressed.failure || arrivalsIn(pair.compressed) > 0) return undefined;
        const { compressed, plain } = pair;
        if (compressed.status !== null && compressed.status !== 200) return undefined;
        if (compressed.frames.bytes > 0 && !isDecoded(compressed)) return undefined;
        const got = compressed.status === null ? 'no headers' : encodingText(compressed);
        return `nothing in ${time(compressed.watchedMs)} ${asked} (${got}), although ${arrivalsText(plain)} arrived without it`;
      },
    },
    {
      name: 'late-with-compression',
      severity: 'error',
      what: 'Events arrive late if the client accepts compression.',
      why,
      fix,
      find(observations) {
        const pair = pairOf(observations);
        return pair && (burstIn(pair) ?? groupsIn(pair) ?? cutsIn(pair));
      },
    },
    {
      name: 'fails-with-compression',
      severity: 'error',
      what: 'The stream fails if the client accepts compression.',
      why: 'All browsers accept compression, so the stream fails in all of them.',
      fix: 'Do not compress text/event-stream, or correct the encoding.',
      find(observations) {
        const pair = pairOf(observations);
        if (!pair) return undefined;
        const { status, failure, frames } = pair.compressed;
        if (failure) return `${failure.cause} (${failure.message}) ${asked}`;
        if (status !== null && status !== 200) return `status ${status} ${asked}`;
        return frames.events.length === 0 && frames.bytes > 0 && !isDecoded(pair.compressed)
          ? `${encodingText(pair.compressed)}, which ssebench cannot decode`
          : undefined;
      },
    },
  ],
};

const isDecoded = ({ headers }: ObservedStream): boolean => {
  const encodings = encodingsOf(headers['content-encoding']);
  return encodings.length === 0 || compressionOf(encodings) !== undefined;
};
