/** Heartbeats: how long the stream is silent, compared with the idle limits of common proxies. */
import { time } from '../numbers.ts';
import type { Observations } from '../observations.ts';
import { silenceOf } from '../silence.ts';
import type { FindingRow, Topic } from './topic.ts';

/** The observation that judges a limit of 60 s. */
const longWatch = { text: '65s', ms: 65_000 };
const longestLimitMs = 60_000;

/**
 * Whether the observation is too short to judge the silence: the stream was silent for at least its
 * second half, and at least twice as long as ever before. A stream with a fixed interval up to half
 * of the observation has a shorter last silence. A silence of 60 s is judged, however short the rest
 * was.
 */
function isTooShort({ watchMs, first }: Observations): boolean {
  const { longestMs, lastMs } = silenceOf(first);
  return (
    watchMs < longWatch.ms &&
    lastMs < longestLimitMs &&
    lastMs >= watchMs / 2 &&
    lastMs >= 2 * longestMs
  );
}

const why =
  'Proxies close a connection without data, and a client cannot detect that a silent server has died.';
const fix = (seconds: number) =>
  `Send a comment such as “: ping” after every ${seconds} s without an event.`;

/** A limit that some proxies have by default. A silence of exactly this time is too long. */
const limit = (
  seconds: number,
  upTo: number,
  severity: FindingRow['severity'],
  proxies: string,
  pingSeconds = 15,
): FindingRow => ({
  name: `silent-${seconds}s`,
  severity,
  what: `The stream is silent for ${seconds} s or longer.`,
  why: `${proxies}. ${why}`,
  fix: fix(pingSeconds),
  find(observations) {
    const { longestMs, lastMs } = silenceOf(observations.first);
    const silentMs = Math.max(longestMs, lastMs);
    return silentMs >= seconds * 1_000 && silentMs < upTo * 1_000 && !isTooShort(observations)
      ? `silent for ${time(silentMs)}`
      : undefined;
  },
});

export const heartbeats: Topic = {
  name: 'heartbeats',
  dependsOnTime: true,
  skip: ({ first: { endedAfterMs } }) =>
    endedAfterMs === null ? undefined : `the server ended the response after ${time(endedAfterMs)}`,
  rows: [
    limit(60, Infinity, 'error', 'nginx and AWS load balancers close it after 60 s by default'),
    {
      name: 'silent',
      severity: 'unjudged',
      what: 'The stream was silent, and the observation was too short to judge that.',
      why,
      fix: `Run with --watch ${longWatch.text}, which judges the idle limits of 30 s and 60 s.`,
      find: (observations) =>
        isTooShort(observations)
          ? `silent for ${time(silenceOf(observations.first).lastMs)}; run with --watch ${longWatch.text}`
          : undefined,
    },
    limit(30, 60, 'warning', 'Many load balancers are configured to close it after 30 s'),
    limit(10, 30, 'info', 'Bun closes it after 10 s by default', 5),
  ],
};
