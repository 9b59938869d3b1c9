/** Whether events arrive when the server sends them, or something collects them. */
import { cutsOf } from '../cuts.ts';
import { burstOf, groupsOf } from '../groups.ts';
import { counted, percent, time } from '../numbers.ts';
import type { Topic } from './topic.ts';

/** Smaller or faster groups may be what a server sends at one moment. */
const leastGroup = 5;
const leastGroups = 3;
const leastEveryMs = 500;

const buffer =
  'Switch buffering off for this path: proxy_buffering off in nginx, or the response header X-Accel-Buffering: no. Also flush compression after each event.';

export const streaming: Topic = {
  name: 'streaming',
  dependsOnTime: true,
  skip: ({ first: { frames } }) =>
    frames.events.length < 2 ? `${counted(frames.events.length, 'event')} arrived` : undefined,
  rows: [
    {
      name: 'burst-at-the-end',
      severity: 'error',
      what: 'The events are not streamed: almost all arrive together at the end.',
      why: 'A client waits as long as for a response without streaming. A buffer, or a server that computes everything first, causes that.',
      fix: buffer,
      find: ({ first: { frames, endedAfterMs } }) => {
        // While a stream is open, one late group may be all that the server had to send.
        const burst = endedAfterMs === null ? undefined : burstOf(frames.events);
        return burst
          ? `${percent(burst.share)} of the ${counted(frames.events.length, 'event')} arrived in the last ${percent(burst.of)} of ${time(burst.overMs)}`
          : undefined;
      },
    },
    {
      name: 'cut-by-a-buffer',
      severity: 'error',
      what: 'The response pauses in the middle of events.',
      why: 'Something between server and client sends only full buffers, so events arrive late.',
      fix: buffer,
      find: ({ first }) => {
        const cut = cutsOf(first);
        return cut
          ? `${cut.cuts} of ${counted(cut.pauses, 'pause')} were in the middle of an event, after up to ${counted(cut.bytes, 'byte')}`
          : undefined;
      },
    },
    {
      name: 'groups',
      severity: 'info',
      what: 'Events arrive in groups.',
      why: 'If the server sends them one at a time, something on the way collects them. If it sends them together, nothing is wrong.',
      fix: `If the server sends them one at a time, find what collects them. ${buffer}`,
      find: ({ first: { frames } }) => {
        const { size, count, everyMs } = groupsOf(frames.events);
        return size >= leastGroup && count >= leastGroups && everyMs >= leastEveryMs
          ? `about ${Math.round(size)} events every ${time(everyMs)}`
          : undefined;
      },
    },
  ],
};
