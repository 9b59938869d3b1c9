/**
 * Watches the work of a server after clients have disconnected. It uses the waits of the check: each
 * sleep takes samples. So it needs no time of its own, except until the server is quiet at first.
 */
import type { Work } from '../../result/work.ts';
import { computingAfter, showsMore, workOf } from '../../verdict/work.ts';
import {
  closesWithinMs,
  idleWorkOf,
  isComputing,
  type IdleWork,
  type LeftClients,
  type WorkCrowd,
  type WorkMoment,
} from '../../verdict/work-moments.ts';
import type { Time } from '../../system/time.ts';
import type { WorkSample } from '../inspection/work.ts';

export interface WorkMeter {
  /** The time of the check. Its sleeps take samples. */
  time: Time;
  /** Observes a server without clients, during the sleeps of a function. */
  idle<Result>(during: () => Promise<Result>): Promise<Result>;
  /** Starts a disconnect mode. */
  begin(): void;
  /** Must be called before clients connect. */
  arrive(): Promise<void>;
  /**
   * Must be called after these clients have disconnected.
   *
   * @param agoMs how long ago the last of them did
   * @param isHurried whether they did not stay for the first event
   */
  leave(clients: number, agoMs: number, isHurried?: boolean): Promise<void>;
  /**
   * Waits until the server is quiet, or until it is clear what it still holds. While it computes and
   * holds nothing, only waiting shows when it ends.
   */
  untilQuiet(deadlineMs: number, signal: AbortSignal): Promise<void>;
  /** Must be called after clients of a warm-up have disconnected. */
  note(clients: number): void;
  /** Whether the server works on for clients that have received an event, and not for others. */
  isUnclear(): boolean;
  /** Ends the mode. Returns its work; `null` if it could not be observed. */
  end(): Promise<Work | null>;
}

const eachMs = 50;
/** A sample that is nearly due is taken now. */
const leastMs = 40;
/** If the check was awake for longer than this, it has inspected the server. */
const gapMs = 10;
/** An inspection has consequences in the server for this time. */
const settlesWithinMs = 50;

export function createWorkMeter(sample: () => Promise<WorkSample>, time: Time): WorkMeter {
  let idle: IdleWork | undefined;
  let crowds: WorkCrowd[] = [];
  let hurried = new Set<WorkCrowd>();
  let earlier: LeftClients[] = [];
  let before: WorkCrowd['before'] = { timers: undefined, upstreams: new Map() };
  /** Receives the moments; `undefined` while clients are connected. */
  let moments: WorkMoment[] | undefined;
  let last: { atMs: number; cpuMs: number | undefined } | undefined;
  /**
   * Whether a sample showed nothing, as in the process of a test. More samples would only add
   * objects to those that the check counts there.
   */
  let isBlind = false;
  let awakeMs = -Infinity;
  let settledMs = -Infinity;

  async function observe(isFirst: boolean): Promise<WorkMoment> {
    const atMs = time.nowMs();
    const { cpuMs, timers, upstreams } = await sample();
    const isKnown = !isFirst && last !== undefined && last.atMs >= settledMs;
    const moment = {
      atMs,
      ms: isFirst || last === undefined ? 0 : atMs - last.atMs,
      cpuMs:
        isKnown && cpuMs !== undefined && last?.cpuMs !== undefined ? cpuMs - last.cpuMs : null,
      timers,
      upstreams,
    };
    last = { atMs, cpuMs };
    isBlind = cpuMs === undefined && timers === undefined;
    if (!isBlind) moments?.push(moment);
    awakeMs = time.nowMs();
    return moment;
  }
  async function sleep(ms: number, signal?: AbortSignal) {
    if (moments === undefined || isBlind) return time.sleep(ms, signal);
    const endMs = time.nowMs() + ms;
    if (time.nowMs() - awakeMs > gapMs) {
      settledMs = time.nowMs() + settlesWithinMs;
      await observe(true);
    }
    for (let leftMs = ms; leftMs > 0; leftMs = endMs - time.nowMs()) {
      await time.sleep(Math.min(eachMs, leftMs), signal);
      if (time.nowMs() - last!.atMs >= leastMs) await observe(false);
    }
    awakeMs = time.nowMs();
  }
  const stop = () => (moments = undefined);
  const patient = () => crowds.filter((crowd) => !hurried.has(crowd));

  return {
    time: { nowMs: time.nowMs, sleep },
    async idle(during) {
      const seen: WorkMoment[] = (moments = []);
      const result = await during();
      stop();
      idle = idleWorkOf(seen) ?? idle;
      return result;
    },
    begin() {
      stop();
      earlier.push(...crowds.map(({ clients, leftMs }) => ({ clients, leftMs })));
      crowds = [];
      hurried = new Set();
    },
    async arrive() {
      stop();
      before = await observe(true);
    },
    async leave(clients, agoMs, isHurried = false) {
      moments = [];
      const crowd = { clients, leftMs: time.nowMs() - agoMs, before, moments };
      crowds.push(crowd);
      if (isHurried) hurried.add(crowd);
      settledMs = -Infinity;
      await observe(true);
    },
    async untilQuiet(deadlineMs, signal) {
      const crowd = crowds.at(-1)!;
      const [first] = crowd.moments;
      if (first?.timers === undefined && last?.cpuMs === undefined) return;
      // If the computing after an earlier crowd had no end, neither has this.
      const hasEnd = crowds.slice(0, -1).every((each) => computingAfter(each, idle).hasEnded);
      for (;;) {
        await sleep(eachMs, signal);
        const moment = crowd.moments.at(-1)!;
        const isHolding =
          (moment.timers ?? 0) > (before.timers ?? 0) ||
          [...moment.upstreams.keys()].some((id) => !before.upstreams.has(id));
        if (!isHolding && !isComputing(moment, idle)) return;
        const withinMs = isHolding || !hasEnd ? closesWithinMs : deadlineMs;
        if (moment.atMs - crowd.leftMs >= withinMs) return;
      }
    },
    isUnclear: () => showsMore(workOf(patient(), idle, earlier), workOf(crowds, idle, earlier)),
    note: (clients) => void earlier.push({ clients, leftMs: time.nowMs() }),
    async end() {
      if (moments !== undefined) await observe(true);
      stop();
      const all = workOf(crowds, idle, earlier);
      const ofPatient = workOf(patient(), idle, earlier);
      const work = showsMore(ofPatient, all) ? ofPatient : all;
      const goesOn = work !== null && work.lastsMs === null;
      const now = goesOn ? idleAfter(crowds.at(-1)!) : undefined;
      if (now === undefined) return work;
      // Work that goes on is the other work of the next mode.
      idle = now;
      [crowds, earlier] = [[], []];
      return work;
    },
  };
}

const idleAfter = (crowd: WorkCrowd): IdleWork | undefined =>
  idleWorkOf(crowd.moments.filter(({ atMs, ms }) => atMs - ms - crowd.leftMs >= closesWithinMs));
