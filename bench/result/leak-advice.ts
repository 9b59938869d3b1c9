/**
 * Advice for leaks: what to change, by the kind of the leaked thing and by the disconnect modes in
 * which it leaks.
 */
import type { HeldKind } from './held.ts';

interface Advice {
  /** The change for one thing. */
  fix: string;
  /** The section of `docs/fix-leaks.md`. */
  section: string;
}

const onClose =
  "when the response closes: res.on('close', …), or finished(res, …) from node:stream";

const byKind: Readonly<Record<HeldKind, Advice>> = {
  timer: { fix: `Clear the timer ${onClose}.`, section: 'timers' },
  listener: {
    fix: `Remove the listener ${onClose}. Or pass an AbortSignal of this one stream, and abort it then.`,
    section: 'listeners',
  },
  response: {
    fix: `Delete the response from the collection that holds it ${onClose}.`,
    section: 'entries-of-collections',
  },
  entry: {
    fix: `Delete the entry from the collection ${onClose}.`,
    section: 'entries-of-collections',
  },
  socket: {
    fix: `Destroy the connection that the server opened for the client ${onClose}. Abort a fetch with an AbortSignal; connect streams with pipeline(…), which destroys both.`,
    section: 'sockets',
  },
  descriptor: { fix: `Close the file or pipe ${onClose}.`, section: 'files-and-processes' },
  generator: {
    fix: `End the generator ${onClose}. Let what it waits for settle then too, for example with an AbortSignal: return() has no effect while it waits.`,
    section: 'promises-and-generators',
  },
  promise: {
    fix: `Settle what the handler waits for ${onClose}. Do not race with a promise that stays pending: it keeps the result of every race.`,
    section: 'promises-and-generators',
  },
  heap: {
    fix: `Find what the server keeps for each client, such as a property of a plain object, a string or a Buffer: compare two heap snapshots. Delete it ${onClose}.`,
    section: 'memory',
  },
  process: { fix: `Kill the child process ${onClose}.`, section: 'files-and-processes' },
  thread: { fix: `Terminate the worker thread ${onClose}.`, section: 'files-and-processes' },
  port: { fix: `Close the message port ${onClose}.`, section: 'files-and-processes' },
  watcher: { fix: `Close the file watcher ${onClose}.`, section: 'files-and-processes' },
  wakeup: { fix: `Stop the timers of the client ${onClose}.`, section: 'timers' },
  computing: { fix: `Stop the work for the client ${onClose}.`, section: 'what-to-release' },
  growth: {
    fix: 'Keep nothing for each event while a stream is open. A race with a promise that stays pending, for example, keeps the result of every race.',
    section: 'entries-of-collections',
  },
  memory: {
    fix: 'When res.write() returns false, wait for the drain, drop events, or disconnect the client.',
    section: 'slow-clients',
  },
};

/**
 * The peculiarity of some modes. `also` is added to the advice if a thing leaks only in such modes;
 * `instead` replaces it.
 */
interface ModeAdvice {
  modes: readonly string[];
  also?: string;
  instead?: string;
  section: string;
}

const byModes: readonly ModeAdvice[] = [
  {
    modes: ['half-open'],
    instead:
      'The server gets no event when such a client disappears, so a close handler is not enough. Write regularly, such as a comment every 15 s, so that a failed write closes the response. For silent streams, set keepAlive and keepAliveInitialDelay of the server.',
    section: 'lost-connections',
  },
  {
    modes: ['early', 'random'],
    also: 'These clients disconnect before the handler listens. Listen before the first await, or check res.destroyed after each one.',
    section: 'early-disconnects',
  },
  {
    modes: ['post'],
    also: 'Listen for the close of the response, not of the request: a request closes when its body has been read.',
    section: 'closed-requests',
  },
  {
    modes: ['blocked'],
    also: 'Code that waits for the drain must also handle the close.',
    section: 'slow-clients',
  },
];

/** For a leak once per group of clients. A close handler of one stream would not fix it. */
const sharedSource: Advice = {
  fix: 'Stop what the first client of a group has started when the last one disconnects: count the clients, and release it when no client remains.',
  section: 'shared-sources',
};

const page = 'docs/fix-leaks.md';

/**
 * @param modes the names of all modes in which the thing leaks
 * @param isPerGroup whether it leaks once for each group of clients
 * @returns what to change, and the address of the section that explains it
 */
export function adviceFor(
  kind: HeldKind,
  modes: readonly string[],
  isPerGroup = false,
): { advice: string; docs: string } {
  const { fix, section } = isPerGroup ? sharedSource : byKind[kind];
  const special = byModes.find((row) => modes.every((mode) => row.modes.includes(mode)));
  // Growing memory has the same cause in every mode.
  if (special === undefined || isPerGroup || kind === 'memory' || kind === 'growth')
    return { advice: fix, docs: `${page}#${section}` };
  const advice = special.instead ?? `${special.also} ${fix}`;
  return { advice, docs: `${page}#${special.section}` };
}

/** All sections that an advice can name. */
export const adviceSections: readonly string[] = [
  ...new Set([...Object.values(byKind), sharedSource, ...byModes].map(({ section }) => section)),
];
