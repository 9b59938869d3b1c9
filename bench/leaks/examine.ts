/**
 * One mode on one server that is up: rounds of N and of 2N streams that all leave, after each of which what the server
 * holds must come back to what it was.
 */
import { leaksOf, type Leak, type ModeRound } from '../verdict/leaks.ts';
import type { CheckOptions } from './check-options.ts';
import type { Crowds } from './crowd/crowds.ts';
import type { CrowdReport, CrowdTask } from './crowd/task.ts';
import { odditiesOf, whyNoPost } from './crowd/words.ts';
import { describeHeld, type Held } from '../measure/held.ts';
import type { Look } from './look/look.ts';
import type { LeaveMode } from './modes.ts';
import { cutAddress, cutNetwork, mendNetwork, networkFailsWithinMs } from './network.ts';
import { releaseOf } from './release.ts';
import { untilBlocked, watchMemory } from './held-up.ts';
import { skippedMode, type ModeResult } from './result.ts';
import { baselineOf, settle, type Baseline } from './settle.ts';
import type { Subject } from './subject.ts';

/** A server that is up and warm, and what it is examined with. */
export interface Examination {
  subject: Subject;
  crowds: Crowds;
  options: CheckOptions;
  /** How long an answer takes: the shortest that half of the clients of a round had to wait, since the first streams take longer. */
  headersMs: number;
  /** What the server held when it was last looked at. */
  baseline: Baseline | undefined;
  signal: AbortSignal;
}

/** From outside, timers that are due together are one wakeup: so streams come one after the other. */
const spreadOverMs = 300;
/** Each of those that do not read costs the system up to ten megabytes of buffers. */
const mostBlocked = 10;

type Round = ModeRound & { asked: number; report: CrowdReport; releasedMs: number[]; blockedKb: number | null };

export async function tryMode(examination: Examination, mode: LeaveMode): Promise<ModeResult> {
  const { subject, crowds, options } = examination;
  if (mode.method === 'POST') {
    const refusal = whyNoPost(await crowds.send(taskFor(examination, mode, 1)));
    if (refusal !== null) return skippedMode(mode, refusal);
    examination.baseline = undefined; // what that one leaked is none of the rounds' own
  }

  const rounds: Round[] = [];
  const most = mode.when === 'when blocked' ? Math.min(options.streams, mostBlocked) : options.streams;
  let before = examination.baseline ?? (await baselineOf(subject.look));
  for (let place = 0; place < 2 * options.rounds; place++) {
    const { round, after } = await tryRound(examination, mode, most * (1 + (place % 2)), before);
    if (round === undefined) return skippedMode(mode, `its events did not fill the buffers between it and its clients within ${options.patienceMs / 1000} s`);
    rounds.push(round);
    before = examination.baseline = after;
  }
  const leaks = await Promise.all(leaksOf(rounds, options.maxLeakedPerDisconnect).map((leak) => explained(leak, subject.look)));
  const isIgnored = (leak: Held) => options.ignore.some((text) => names(describeHeld(leak), text));
  const cleanMs = rounds.filter(({ grown }) => grown.length === 0).map(({ tookMs }) => tookMs);
  const released = rounds.flatMap(({ releasedMs }) => releasedMs).toSorted((a, b) => a - b);
  return {
    ...skippedMode(mode, ''),
    skipped: null,
    disconnects: rounds.reduce((sum, { disconnects }) => sum + disconnects, 0),
    leaks: leaks.filter((leak) => !isIgnored(leak)),
    oddities: odditiesOf(mode, options.events, rounds.map(({ asked, report }) => ({ ...report, asked }))),
    cleanAfterMs: cleanMs.length > 0 ? Math.max(...cleanMs) : null,
    releaseMs: released.length > 0 ? { p50: released[Math.floor(released.length / 2)]!, max: released.at(-1)! } : null,
    blockedKbPerStream: mode.watchesMemory ? Math.max(...rounds.map(({ blockedKb }) => blockedKb ?? 0)) : null,
  };
}

/** Of responses, what holds them. */
async function explained(leak: Leak, look: Look): Promise<Leak> {
  if (leak.kind !== 'response') return leak;
  const keepers = await look.keepersOfResponses();
  return keepers.length > 0 ? { ...leak, what: `${leak.what} in ${keepers.join(' and ')}` } : leak;
}

/** Whether a text stands in a description, and not as the beginning of a longer number: line 14 is not line 140. */
function names(description: string, text: string): boolean {
  return description.split(text).slice(1).some((rest) => !/\d$/.test(text) || !/^\d/.test(rest));
}

/** @returns no round where the clients did not hold the server up, as they should */
async function tryRound(examination: Examination, mode: LeaveMode, streams: number, before: Baseline): Promise<{ round: Round | undefined; after: Baseline }> {
  const { subject: { look }, crowds, options, headersMs, signal } = examination;
  const blocked = { isSo: true, kbPerStream: null as number | null, grown: [] as Held[] };
  const memoryBefore = mode.watchesMemory ? await look.memoryBytes() : 0;
  await look.clearings();
  try {
    const report = await crowds.send(taskFor(examination, mode, streams), async (visiting) => {
      if (mode.network === 'cut') cutNetwork();
      if (mode.when !== 'when blocked') return;
      blocked.isSo = await untilBlocked(examination, mode, visiting.opened, before.glance.connections);
      if (!blocked.isSo || !mode.watchesMemory) return;
      Object.assign(blocked, await watchMemory(examination, streams, memoryBefore));
    });
    examination.headersMs = Math.min(headersMs, report.headersMs ?? Infinity);
    if (!blocked.isSo) return { round: undefined, after: before };
    const { grown, after, ...settled } = await settle(look, before, {
      deadlineMs: mode.network === 'cut' ? Math.max(options.deadlineMs, networkFailsWithinMs) : options.deadlineMs,
      leastMs: mode.when === 'before headers' || mode.when === 'at random' ? 2 * headersMs : 0,
      laterMs: options.deadlineMs,
      signal,
    });
    const releasedMs = releaseOf(report.leftNs, await look.clearings());
    // Where clients wait for an answer, who was refused was no stream.
    const disconnects = mode.when === 'after events' && report.opened > 0 ? report.opened : streams;
    return { round: { ...settled, disconnects, asked: streams, grown: [...grown, ...blocked.grown], report, releasedMs, blockedKb: blocked.kbPerStream }, after };
  } finally {
    if (mode.network === 'cut') mendNetwork();
  }
}

export function taskFor({ subject, options, headersMs }: Examination, leave: LeaveMode, streams: number): CrowdTask {
  const { events, patienceMs, headers, body } = options;
  const overMs = subject.look.kind === 'outside' ? spreadOverMs : 0;
  return { url: subject.urlFor(leave), headers, body, streams, overMs, leave, events, patienceMs, headersMs, ...(leave.network === 'cut' && { localAddress: cutAddress }) };
}
