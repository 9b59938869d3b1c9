/** Describes in words what a server still does for clients that have disconnected. */
import type { ModeResult } from './leak-result.ts';
import type { Work } from './work.ts';

/** The work in one disconnect mode, or in several with the same. */
export interface WorkFinding {
  /** The modes in words. If there are several, and no others, it does not list them. */
  about: string;
  /** Whether the server worked on after its connections had been closed. */
  worksOn: boolean;
  text: string;
  /** The change that ends it, or its reason; empty if the server stopped. */
  advice: string;
}

const abortAdvice =
  "End the work when the response closes: give its requests and sleeps the signal of an AbortController, and call abort() in res.on('close', …).";

/** For clients that vanish without a packet. */
const lostAdvice =
  'A server notices a lost connection only at a write or by keep-alive, so this includes the time until the system gives up.';

/** Work that ends sooner is the close of the connections. */
const closesWithinMs = 250;
const fewUpstreams = 3;
const leastCpuMs = 0.1;

/** A mode whose work was observed. */
type Observed = Pick<ModeResult, 'mode' | 'about' | 'leaks'> & { work: Work };

/** Modes in which the same remained are one finding, with the range of their figures. */
export function workFindings(modes: readonly ModeResult[]): WorkFinding[] {
  const observed = modes.flatMap(({ mode, about, leaks, work, skipped }): Observed[] =>
    skipped === null && work ? [{ mode, about, leaks, work }] : [],
  );
  const tried = modes.filter(({ skipped }) => skipped === null).length;
  const groups = Map.groupBy(observed, (mode) =>
    worksOn(mode.work)
      ? `${adviceOf(mode)} ${mode.work.lastsMs === null} ${remainingText(mode.work)}`
      : '',
  );
  return [...groups.values()].map((group) => ({
    about:
      group.length > 1 && group.length === tried
        ? `all ${tried} disconnect modes`
        : group.map(({ about }) => about).join(', '),
    worksOn: worksOn(group[0]!.work),
    text: textOf(group),
    advice: adviceOf(group[0]!),
  }));
}

const worksOn = ({ lastsMs }: Work): boolean => lastsMs === null || lastsMs > closesWithinMs;

const adviceOf = ({ mode, work }: Observed): string =>
  worksOn(work) ? (mode === 'half-open' ? lostAdvice : abortAdvice) : '';

/**
 * `after a disconnect the server works on for 3.0 s: 12 ms of CPU, 1 timer, 1 connection to
 * 127.0.0.1:9000 for each client`.
 */
function textOf(group: readonly Observed[]): string {
  const [{ work }] = group as [Observed, ...Observed[]];
  const cpu = cpuText(group.map((mode) => mode.work));
  if (!worksOn(work)) {
    const ms = Math.max(...group.map((mode) => mode.work.lastsMs!));
    return `after a disconnect the server stops its work within ${Math.ceil(ms / 10) * 10} ms: ${cpu} for each client`;
  }
  const lasts =
    work.lastsMs === null
      ? `> ${seconds(Math.floor(Math.min(...group.map(watchedMs)) / 100) * 100)} s`
      : `${range(group.map((mode) => seconds(mode.work.lastsMs!)))} s`;
  const remaining = remainingText(work);
  return `after a disconnect the server works on for ${lasts}: ${cpu}${remaining} for each client`;
}

/** A leak was still there at the deadline. */
const watchedMs = ({ work, leaks }: Observed): number =>
  Math.max(work.watchedMs, ...leaks.map(({ afterMs }) => afterMs));

function cpuText(works: readonly Work[]): string {
  const known = works.flatMap(({ cpuMs }) => cpuMs ?? []);
  if (known.length === 0) return '– of CPU (other work hides it)';
  const digits = (ms: number) => (ms >= 10 ? ms.toFixed(0) : ms.toFixed(1));
  if (Math.max(...known) < leastCpuMs) return `less than ${leastCpuMs} ms of CPU`;
  return `${range([Math.min(...known), Math.max(...known)].map(digits))} ms of CPU`;
}

/** `, 1 timer, 1 connection to 127.0.0.1:9000`. */
function remainingText({ timers, upstreams }: Work): string {
  const named = upstreams.slice(0, fewUpstreams);
  const others = upstreams.slice(fewUpstreams).reduce((sum, each) => sum + each.perDisconnect, 0);
  return [
    ...(timers ? [`, ${amount(timers, 'timer')}`] : []),
    ...named.map(
      ({ address, perDisconnect }) => `, ${amount(perDisconnect, 'connection')} to ${address}`,
    ),
    ...(others > 0 ? [`, ${amount(others, 'connection')} to other addresses`] : []),
  ].join('');
}

/** `1 timer`, `0.3 timers`. */
function amount(count: number, noun: string): string {
  const text = count.toFixed(1).replace(/\.0$/, '');
  return `${text} ${noun}${text === '1' ? '' : 's'}`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** `3.0`, or `3.0 to 3.2`. */
function range(texts: readonly string[]): string {
  const sorted = [...new Set(texts)].toSorted((a, b) => Number(a) - Number(b));
  return sorted.length > 1 ? `${sorted[0]} to ${sorted.at(-1)}` : sorted[0]!;
}
