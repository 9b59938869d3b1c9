/** The resources that several processes use together: a server with all its children. */
import { cpuNsOfEndedChildren, sampleProcess, type ProcessSample } from './process.ts';
import type { Relative } from './processes.ts';

/** The resources that a server has used up to a moment. Only differences of times mean something. */
export interface TreeSample {
  /**
   * CPU time of all processes and threads, also of those that ended. Ended threads count to 20 ms. A
   * process that ended counts as soon as its parent has waited for it, to 10 ms. Not counted is the last half second of a process without a
   * parent among these processes, and a process whose parent ignores SIGCHLD.
   */
  cpuNs: number;
  /** Resident memory. Memory that several processes share counts once for each of them. */
  rssBytes: number;
  /**
   * For each process, how long its main thread was runnable without a core. This excludes the CPU
   * time of all other threads and processes of the server, since it may have waited for them.
   * `null` off Linux.
   */
  waitsNs: ReadonlyMap<number, number> | null;
  /**
   * File descriptors of the process that has the fewest left: open ones, and the limit (`null` if
   * unlimited). `null` off Linux, and if all hide theirs.
   */
  descriptors: ProcessSample['descriptors'];
  /** Open descriptors of all processes. `null` off Linux, and if one of them hides its own. */
  openDescriptors: number | null;
}

interface Member extends Relative {
  used: ProcessSample;
  endedThreads: EndedThreads;
  /** CPU time of the process, and of its threads and children that have ended. */
  cpuNs: number;
}

/** The CPU time of the threads of a process that have ended since its first sample. */
export interface EndedThreads {
  ns: number;
  /** By how much the account in steps was above that of the living threads at the first sample. */
  firstSurplusNs: number;
}

/** Two accounts in steps of 10 ms, of user and of system time. */
const stepsNs = 20e6;

/**
 * The estimate changes only if it is too low by more than the steps. So the time of a process stays
 * exact as long as none of its threads ends.
 *
 * @param before the estimate of the last sample; `undefined` at the first
 */
export function withEndedThreads(
  { cpuNs, cpuInStepsNs }: Pick<ProcessSample, 'cpuNs' | 'cpuInStepsNs'>,
  before: EndedThreads | undefined,
): EndedThreads {
  const surplusNs = cpuInStepsNs - cpuNs;
  if (before === undefined) return { ns: 0, firstSurplusNs: surplusNs };
  const ns = surplusNs - before.firstSurplusNs;
  return ns - before.ns > stepsNs ? { ...before, ns } : before;
}

/**
 * @param find finds the processes that live now; called for each sample
 * @returns a function that samples them; it returns `undefined` if there are none, or no `/proc`
 */
export function watchTree(find: () => readonly Relative[]): () => TreeSample | undefined {
  let last = new Map<number, Member>();
  let endedNs = 0;

  /** Whether the parent of an ended process, or the parent of that one, lives and has its time. */
  function isCountedByParent({ parent }: Member, living: ReadonlyMap<number, Member>): boolean {
    if (living.has(parent)) return true;
    const ended = last.get(parent);
    return ended !== undefined && isCountedByParent(ended, living);
  }

  function memberOf(one: Relative): [number, Member][] {
    const used = sampleProcess(one.pid);
    if (used === undefined) return [];
    const before = last.get(one.pid);
    const endedThreads = withEndedThreads(
      used,
      before?.started === one.started ? before.endedThreads : undefined,
    );
    const cpuNs = used.cpuNs + endedThreads.ns + cpuNsOfEndedChildren(one.pid);
    return [[one.pid, { ...one, used, endedThreads, cpuNs }]];
  }

  return () => {
    const members = new Map(find().flatMap(memberOf));
    for (const member of last.values()) {
      const lives = members.get(member.pid)?.started === member.started;
      if (!lives && !isCountedByParent(member, members)) endedNs += member.cpuNs;
    }
    last = members;
    return members.size === 0 ? undefined : together([...members.values()], endedNs);
  };
}

/** @param endedNs CPU time of processes that ended and that no parent counts */
function together(members: readonly Member[], endedNs: number): TreeSample {
  const total = (of: (member: Member) => number) =>
    members.reduce((sum, member) => sum + of(member), 0);
  const cpuNs = endedNs + total((member) => member.cpuNs);
  const left = ({ descriptors }: ProcessSample) =>
    descriptors === null ? Infinity : (descriptors.limit ?? Infinity) - descriptors.open;
  const fewestLeft = members.map(({ used }) => used).toSorted((a, b) => left(a) - left(b))[0]!;
  return {
    cpuNs,
    rssBytes: total(({ used }) => used.rssBytes),
    waitsNs: new Map(
      members.flatMap(({ pid, used: { waitedNs, cpuNs: ownNs } }) =>
        waitedNs === null ? [] : [[pid, waitedNs - (cpuNs - ownNs)]],
      ),
    ),
    descriptors: fewestLeft.descriptors,
    openDescriptors: members.some(({ used }) => used.descriptors === null)
      ? null
      : total(({ used }) => used.descriptors!.open),
  };
}
