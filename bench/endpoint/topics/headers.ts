/** When the response headers arrive, compared with the first event. */
import type { ObservedStream } from '../observations.ts';
import { time } from '../numbers.ts';
import type { Topic } from './topic.ts';

/**
 * EventSource reports `open` with the headers. Users notice a delay from half a second on, and a
 * busy server may need that long, so it is only an info. After 2 s, a page shows an error or
 * retries.
 */
const noticedMs = 500;
const lateMs = 2_000;
/** Headers and an event that one write sends arrive within this time of each other. */
const togetherMs = 50;

const lateText = ({ headersAfterMs, reads: [firstRead] }: ObservedStream): string => {
  const after = `headers after ${time(headersAfterMs!)}`;
  const isTogether = firstRead !== undefined && firstRead.atMs - headersAfterMs! < togetherMs;
  return isTogether ? `${after}, together with the first bytes of the body` : after;
};

const why =
  'Until the headers arrive, a browser does not open the stream, and proxies may give up.';
const fix =
  'Send the headers before the first event, for example with res.flushHeaders(), or write a comment at once.';

export const headers: Topic = {
  name: 'time to headers',
  dependsOnTime: true,
  rows: [
    {
      name: 'no-headers',
      severity: 'error',
      what: 'No response headers arrived.',
      why,
      fix: `${fix} If the server sends them, a proxy holds them back: switch its buffering off for this path.`,
      find: ({ first: { headersAfterMs, watchedMs } }) =>
        headersAfterMs === null ? `none in ${time(watchedMs)}` : undefined,
    },
    {
      name: 'late-headers',
      severity: 'warning',
      what: 'The response headers arrive late.',
      why,
      fix,
      find: ({ first }) =>
        first.headersAfterMs !== null && first.headersAfterMs >= lateMs
          ? lateText(first)
          : undefined,
    },
    {
      name: 'slow-headers',
      severity: 'info',
      what: 'The response headers do not arrive at once.',
      why,
      fix,
      find: ({ first }) =>
        first.headersAfterMs !== null &&
        first.headersAfterMs >= noticedMs &&
        first.headersAfterMs < lateMs
          ? lateText(first)
          : undefined,
    },
  ],
};
