/** Reconnects: ids, `retry`, and whether the server honours `Last-Event-ID`. */
import { counted, largestOf, time } from '../numbers.ts';
import { textWithoutSecrets } from '../../scenario/secrets.ts';
import type { Observations } from '../observations.ts';
import { idsOf, resumptionOf, type Resumption } from '../resume.ts';
import type { FindingRow, Topic } from './topic.ts';

/** A shorter wait is too short for a restart, so all clients of a server reconnect many times. */
const shortestRetryMs = 100;
const longestRetryMs = 60_000;
const shownId = 24;

/** An id may be a session, so only ids that look like a number or a time are shown. */
const idText = (id: string) =>
  /^[\d:.-]+$/.test(id) ? textWithoutSecrets(id.slice(0, shownId)) : '(not shown)';

const resumptionIn = ({ first, resumed }: Observations): Resumption =>
  resumed === null
    ? 'unknown'
    : resumptionOf(first.frames.events, resumed.lastEventId, resumed.stream.frames.events);

const resumption = (
  which: Resumption,
  row: Pick<FindingRow, 'name' | 'what' | 'why' | 'fix'>,
): FindingRow => ({
  ...row,
  severity: 'warning',
  find(observations) {
    if (resumptionIn(observations) !== which) return undefined;
    const { lastEventId, stream } = observations.resumed!;
    const ids = idsOf(stream.frames.events);
    return `Last-Event-ID: ${idText(lastEventId)}; the stream began with id ${idText(ids[0]!)}`;
  },
});

export const reconnecting: Topic = {
  name: 'reconnecting',
  skip: ({ first: { frames } }) => (frames.events.length === 0 ? 'no event arrived' : undefined),
  rows: [
    resumption('repeated', {
      name: 'repeats-after-reconnect',
      what: 'After a reconnect, the stream begins with ids that the client already has.',
      why: 'Browsers send Last-Event-ID at each reconnect, and the server ignores it.',
      fix: 'Continue with the event after Last-Event-ID, or send no ids.',
    }),
    resumption('skipped', {
      name: 'skips-after-reconnect',
      what: 'After a reconnect, events are missing.',
      why: 'Browsers send Last-Event-ID at each reconnect, and the server ignores it.',
      fix: 'Keep recent events, and send those after Last-Event-ID first. Without that, send no ids.',
    }),
    {
      name: 'short-retry',
      severity: 'warning',
      what: 'The retry is very short.',
      why: 'After a restart, all clients reconnect many times per second.',
      fix: 'Send 1 to 10 s, such as retry: 3000.',
      find: ({ first: { frames } }) => {
        const short = frames.retriesMs.find((ms) => ms < shortestRetryMs);
        return short === undefined ? undefined : `retry: ${short}`;
      },
    },
    {
      name: 'long-retry',
      severity: 'warning',
      what: 'The retry is very long.',
      why: 'After an interruption, a page waits this long without events.',
      fix: 'Send 1 to 10 s, such as retry: 3000.',
      find: ({ first: { frames } }) => {
        const most = largestOf(frames.retriesMs);
        return most > longestRetryMs ? `retry: ${most}, which is ${time(most)}` : undefined;
      },
    },
    {
      name: 'resume-unknown',
      severity: 'info',
      what: 'It is unknown whether the server honours Last-Event-ID.',
      why: 'The ids of both streams had nothing in common, or too few events arrived.',
      fix: 'Check it in a test of the server, or repeat the check with a longer --watch.',
      find: (observations) =>
        observations.resumed !== null && resumptionIn(observations) === 'unknown'
          ? `${counted(idsOf(observations.resumed.stream.frames.events).length, 'id')} arrived after the reconnect`
          : undefined,
    },
    {
      name: 'no-id',
      severity: 'info',
      what: 'Events have no id.',
      why: 'After a reconnect, a client cannot ask for the events that it missed.',
      fix: 'Add an id to each event, and honour Last-Event-ID, if no event may be lost.',
      find: ({ first: { frames } }) =>
        frames.events.length > 0 && idsOf(frames.events).length === 0
          ? `none of ${counted(frames.events.length, 'event')} has an id`
          : undefined,
    },
    {
      name: 'no-retry',
      severity: 'info',
      what: 'The stream sets no retry.',
      why: 'Each browser then chooses its own time to reconnect, about 3 to 5 s.',
      fix: 'Send retry: 3000 with the first event if the time matters.',
      find: ({ first: { frames } }) =>
        frames.events.length > 0 && frames.retriesMs.length === 0 ? 'no retry arrived' : undefined,
    },
  ],
};
