/**
 * The check of one server: warm up, settle, baseline; then for each mode rounds of N and of 2N streams that all leave,
 * after each of which what the server holds must come back to what it was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { leaksOf, type Leak, type ModeRound } from '../verdict/leaks.ts';
import { createCrowds, type Crowds } from './crowd-process.ts';
import type { CrowdReport, CrowdTask } from './crowd-task.ts';
import { atMost, describeHeld, grownBetween, type Held } from './held.ts';
import type { LeaveMode } from './modes.ts';
import type { Subject, SubjectSource } from './subject.ts';

export interface CheckOptions {
  modes: readonly LeaveMode[];
  /** In the smaller rounds; the larger ones have twice as many. */
  streams: number;
  /** Pairs of a smaller and a larger round. */
  rounds: number;
  /** How many events a client waits for, and for how long at most. */
  events: number;
  patienceMs: number;
  /** How long the server may take to let go. */
  deadlineMs: number;
  /** What is still no leak. */
  maxLeakedPerDisconnect: number;
  /** Leaks with one of these in their description are left out. */
  ignore: readonly string[];
  /** Whether to trace timers to their creation from the beginning; else once a leak has no place of its own. */
  trace: boolean;
  headers: Record<string, string>;
  /** The body of a POST, as JSON. */
  body: unknown;
}

/** What was found in one mode. */
export interface ModeResult {
  mode: string;
  about: string;
  /** Why it was not tried; nothing was found then. */
  skipped: string | null;
  /** Streams that came and left, in all rounds. */
  disconnects: number;
  leaks: Leak[];
  /** What the clients saw that they should not: no events, refusals. */
  oddities: string[];
  /** The longest that a clean round took to be clean; `null` where none was. */
  cleanAfterMs: number | null;
}

const warmUpStreams = 5;
const firstLookMs = 100;
const socketPollMs = 20;
const looksAtLeaks = 3;

/**
 * @param onProgress told which mode begins
 * @throws where the server cannot be started, asked or reached
 */
export async function check(
  source: SubjectSource,
  options: CheckOptions,
  signal: AbortSignal,
  onProgress: (mode: LeaveMode, place: number) => void,
): Promise<ModeResult[]> {
  const results: ModeResult[] = [];
  let { trace } = options;
  let warm: { subject: Subject; headersMs: number } | undefined;
  const crowds = createCrowds(signal);
  const tryOn = async (mode: LeaveMode) => {
    warm ??= await startWarm(source, crowds, options, trace, signal);
    return tryMode(warm.subject, crowds, mode, options, warm.headersMs, signal);
  };
  const drop = async () => {
    await warm?.subject.stop();
    warm = undefined;
  };
  try {
    for (const [place, mode] of options.modes.entries()) {
      onProgress(mode, place);
      let result = await tryOn(mode);
      if (!trace && source.again && result.leaks.some(isPlaceless)) {
        trace = true;
        await drop();
        result = await tryOn(mode);
      }
      results.push(result);
      // What leaks here may be let go of later, which would hide what leaks there.
      if (result.leaks.length > 0 && source.again) await drop();
    }
    return results;
  } finally {
    await drop();
    await crowds.end();
  }
}

const isPlaceless = ({ kind, place }: Leak) => kind === 'timer' && place === undefined;

async function startWarm(source: SubjectSource, crowds: Crowds, options: CheckOptions, trace: boolean, signal: AbortSignal) {
  const subject = await source.start(signal, trace);
  try {
    return { subject, headersMs: await warmUp(subject, crowds, options, signal) };
  } catch (error) {
    await subject.stop();
    throw error;
  }
}

/** What the first of its kind loads and keeps is no leak: a few streams in each mode. Also finds how long an answer takes. */
async function warmUp(subject: Subject, crowds: Crowds, options: CheckOptions, signal: AbortSignal): Promise<number> {
  let headersMs: number | null = null;
  for (const mode of options.modes) {
    const report = await crowds.send(taskFor(subject, mode, warmUpStreams, options, headersMs ?? 1));
    headersMs ??= report.headersMs;
    if (report.opened === 0 && mode.when === 'after events' && mode.method === 'GET') throw new Error(whyNotOpened(report));
  }
  await settle(subject, await subject.look(), options.deadlineMs, 0, signal);
  return headersMs ?? 1;
}

async function tryMode(subject: Subject, crowds: Crowds, mode: LeaveMode, options: CheckOptions, headersMs: number, signal: AbortSignal): Promise<ModeResult> {
  const refusal = mode.method === 'POST' ? whyNoPost(await crowds.send(taskFor(subject, mode, 1, options, headersMs))) : null;
  if (refusal !== null) return { mode: mode.name, about: mode.about, skipped: refusal, disconnects: 0, leaks: [], oddities: [], cleanAfterMs: null };
  const rounds: (ModeRound & { report: CrowdReport })[] = [];
  let before = await subject.look();
  for (let round = 0; round < 2 * options.rounds; round++) {
    const streams = options.streams * (1 + (round % 2));
    const report = await crowds.send(taskFor(subject, mode, streams, options, headersMs));
    // A handler may still be at work for a client that has gone.
    const { grown, after, tookMs } = await settle(subject, before, options.deadlineMs, mode.when === 'after events' ? 0 : 2 * headersMs, signal);
    rounds.push({ disconnects: streams, grown, report, tookMs });
    before = after;
  }
  const clean = rounds.filter(({ grown }) => grown.length === 0);
  return {
    mode: mode.name,
    about: mode.about,
    skipped: null,
    disconnects: rounds.reduce((sum, { disconnects }) => sum + disconnects, 0),
    leaks: leaksOf(rounds, options.maxLeakedPerDisconnect).filter((leak) => !options.ignore.some((text) => describeHeld(leak).includes(text))),
    oddities: odditiesOf(mode, rounds.map(({ report }) => report)),
    cleanAfterMs: clean.length > 0 ? Math.max(...clean.map(({ tookMs }) => tookMs)) : null,
  };
}

/** Looks again and again, after ever longer waits, until nothing is left that was not there before, or the time is up. */
async function settle(
  subject: Subject,
  before: readonly Held[],
  deadlineMs: number,
  leastMs: number,
  signal: AbortSignal,
): Promise<{ grown: Held[]; after: Held[]; tookMs: number }> {
  const startMs = performance.now();
  await sleep(leastMs, undefined, { signal });
  await untilClosed(subject, before, deadlineMs, signal);
  for (let waitMs = firstLookMs; ; waitMs *= 2) {
    const tookMs = performance.now() - startMs;
    const after = await subject.look();
    const grown = grownBetween(before, after);
    if (grown.length === 0) return { grown, after, tookMs };
    if (tookMs >= deadlineMs) {
      const most = await lookAgain(subject, after);
      return { grown: grownBetween(before, most), after: most, tookMs };
    }
    await sleep(Math.min(waitMs, Math.max(0, deadlineMs - tookMs)), undefined, { signal });
  }
}

/** To ask for sockets costs the server nothing, and while clients are still connected there is no need to look closer. */
async function untilClosed(subject: Subject, before: readonly Held[], deadlineMs: number, signal: AbortSignal) {
  const sockets = before.find(({ kind }) => kind === 'socket')?.count ?? Infinity;
  const endMs = performance.now() + deadlineMs;
  while ((subject.sockets() ?? 0) > sockets && performance.now() < endMs) await sleep(socketPollMs, undefined, { signal });
  await sleep(socketPollMs, undefined, { signal }); // for the handlers of those closes
}

/** A loop that sleeps has no timer between two sleeps: of each thing the most that was seen at once. */
async function lookAgain(subject: Subject, first: readonly Held[]): Promise<Held[]> {
  let most = [...first];
  for (let more = 0; more < looksAtLeaks - 1; more++) most = atMost(most, await subject.look());
  return most;
}

function taskFor(subject: Subject, leave: LeaveMode, streams: number, options: CheckOptions, headersMs: number): CrowdTask {
  const { events, patienceMs, headers, body } = options;
  return { url: subject.url, headers, body, streams, leave, events, patienceMs, headersMs };
}

/** A server may well know no such method. */
function whyNoPost({ failures }: CrowdReport): string | null {
  const status = Object.keys(failures).find((cause) => /^status (404|405|501)$/.test(cause));
  return status === undefined ? null : `${status} to a POST`;
}

function whyNotOpened({ failures, ended }: CrowdReport): string {
  const reasons = Object.entries(failures).map(([cause, { count, example }]) => `${count} × ${cause}${example && ` (${example})`}`);
  if (ended > 0) reasons.push(`${ended} × ended by the server`);
  return `no stream opened: ${reasons.join(', ') || 'no answer'}`;
}

function odditiesOf({ when, method }: LeaveMode, reports: readonly CrowdReport[]): string[] {
  if (when !== 'after events') return [];
  const sum = (of: (report: CrowdReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const [opened, served, events, ended] = [sum((each) => each.opened), sum((each) => each.served), sum((each) => each.events), sum((each) => each.ended)];
  const oddities: string[] = [];
  if (opened === 0) oddities.push(`no stream opened: ${reports.map(whyNotOpened).at(0)!.replace('no stream opened: ', '')}`);
  else if (events === 0) oddities.push(`no events: ${opened} streams opened by ${method} and ${ended === 0 ? 'stayed silent' : `${ended} of them ended by the server`}`);
  else if (served < opened) oddities.push(`${opened - served} of ${opened} streams did not bring the events that were waited for`);
  return oddities;
}
