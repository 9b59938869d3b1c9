/**
 * The check of one server: warm up, settle, baseline; then for each mode rounds of N and of 2N streams that all leave,
 * after each of which what the server holds must come back to what it was.
 */
import { leaksOf, type Leak, type ModeRound } from '../verdict/leaks.ts';
import { createCrowds, type Crowds } from './crowd-process.ts';
import type { CrowdReport, CrowdTask } from './crowd-task.ts';
import { odditiesOf, whyNoPost, whyNotOpened } from './crowd-words.ts';
import { describeHeld } from './held.ts';
import type { LeaveMode } from './modes.ts';
import { settle } from './settle.ts';
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

/** A server that is up and warm, and what it is examined with. */
interface Examination {
  subject: Subject;
  crowds: Crowds;
  options: CheckOptions;
  /** How long an answer takes. */
  headersMs: number;
  signal: AbortSignal;
}

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
  const crowds = createCrowds(signal);
  let { trace } = options;
  let examination: Examination | undefined;
  const tryOn = async (mode: LeaveMode) => {
    examination ??= await warmUp({ subject: await source.start(signal, trace), crowds, options, headersMs: 1, signal });
    return tryMode(examination, mode);
  };
  const drop = async () => {
    await examination?.subject.stop();
    examination = undefined;
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

/** What the first of its kind loads and keeps is no leak: a few streams in each mode. Also finds how long an answer takes. */
async function warmUp(cold: Examination): Promise<Examination> {
  const { subject, crowds, options, signal } = cold;
  let headersMs: number | null = null;
  try {
    for (const mode of options.modes) {
      const report = await crowds.send(taskFor({ ...cold, headersMs: headersMs ?? cold.headersMs }, mode, warmUpStreams));
      headersMs ??= report.headersMs;
      if (report.opened === 0 && mode.when === 'after events' && mode.method === 'GET') throw new Error(whyNotOpened(report));
    }
    await settle(subject, await subject.look(), options.deadlineMs, 0, signal);
    return { ...cold, headersMs: headersMs ?? cold.headersMs };
  } catch (error) {
    await subject.stop();
    throw error;
  }
}

async function tryMode(examination: Examination, mode: LeaveMode): Promise<ModeResult> {
  const { subject, crowds, options, headersMs, signal } = examination;
  const base = { mode: mode.name, about: mode.about };
  const refusal = mode.method === 'POST' ? whyNoPost(await crowds.send(taskFor(examination, mode, 1))) : null;
  if (refusal !== null) return { ...base, skipped: refusal, disconnects: 0, leaks: [], oddities: [], cleanAfterMs: null };

  const rounds: (ModeRound & { report: CrowdReport })[] = [];
  let before = await subject.look();
  for (let round = 0; round < 2 * options.rounds; round++) {
    const streams = options.streams * (1 + (round % 2));
    const report = await crowds.send(taskFor(examination, mode, streams));
    const { grown, after, tookMs } = await settle(subject, before, options.deadlineMs, mode.when === 'after events' ? 0 : 2 * headersMs, signal);
    rounds.push({ disconnects: streams, grown, report, tookMs });
    before = after;
  }
  const isIgnored = (leak: Leak) => options.ignore.some((text) => describeHeld(leak).includes(text));
  const clean = rounds.filter(({ grown }) => grown.length === 0);
  return {
    ...base,
    skipped: null,
    disconnects: rounds.reduce((sum, { disconnects }) => sum + disconnects, 0),
    leaks: leaksOf(rounds, options.maxLeakedPerDisconnect).filter((leak) => !isIgnored(leak)),
    oddities: odditiesOf(mode, rounds.map(({ report }) => report)),
    cleanAfterMs: clean.length > 0 ? Math.max(...clean.map(({ tookMs }) => tookMs)) : null,
  };
}

function taskFor({ subject, options, headersMs }: Examination, leave: LeaveMode, streams: number): CrowdTask {
  const { events, patienceMs, headers, body } = options;
  return { url: subject.url, headers, body, streams, leave, events, patienceMs, headersMs };
}
