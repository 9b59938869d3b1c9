/** The resources that several processes use together: a server with all its children. */
import { cpuNsOfEndedChildren, sampleProcess, type ProcessSample } from './process.ts';
import type { Relative } from './processes.ts';

/** The resources that a server has used up to a moment. Only differences of times mean something. */
export interface TreeSample {
  /**
   * CPU time of all processes, also of those that ended. A process that ended counts as soon as its
   * parent has waited for it, to 10 ms. Not counted is the last half second of a process without a
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
  /** CPU time of the process, and of its children that have ended. */
  cpuNs: number;
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

  return () => {
    const members = new Map(
      find().flatMap((one): [number, Member][] => {
        const used = sampleProcess(one.pid);
        return used === undefined
          ? []
          : [[one.pid, { ...one, used, cpuNs: used.cpuNs + cpuNsOfEndedChildren(one.pid) }]];
      }),
    );
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
