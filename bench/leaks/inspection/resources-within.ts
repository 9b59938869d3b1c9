/**
 * A function that is sent as text and runs inside the inspected process. It recognizes objects
 * behind which Node holds something of the operating system: a child process, a thread, a message
 * port, a file watcher, a connection or a file.
 */
import type { HeldKind } from '../../result/held.ts';

/** Something of the operating system that an object holds. */
export interface Resource {
  kind: Extract<HeldKind, 'process' | 'thread' | 'port' | 'watcher' | 'socket' | 'descriptor'>;
  what: string;
  /** Connections and other descriptors of the process that belong to it. */
  connections: number;
  descriptors: number;
  /** Objects that belong to it, which are not counted on their own. */
  parts: readonly object[];
}

/** The properties that are read of an object of any class. */
interface Candidate {
  constructor?: { name: string };
  destroyed?: boolean;
  fd?: unknown;
  _handle?: { constructor: { name: string } } | null;
}

/**
 * @returns a function that returns what an object holds; `undefined` if it is of another class, or
 * has been released
 */
export function resourceReader(): (object: object) => Resource | undefined {
  // Deno, and Node before 20.16, have no such function. There, these objects are not counted.
  const load = globalThis.process?.getBuiltinModule as typeof process.getBuiltinModule | undefined;
  if (load === undefined || 'Deno' in globalThis) return () => undefined;
  const { ChildProcess } = load('node:child_process');
  const { MessagePort, Worker } = load('node:worker_threads');
  const { Socket } = load('node:net');
  const { ReadStream, WriteStream } = load('node:fs');
  const custom = Symbol.for('nodejs.util.inspect.custom');
  /** Threads have a pair of pipes. Their other descriptors have no names. */
  const pipesOfThread = 2;

  const baseOf = (path: string) => path.split('/').at(-1)!;
  const holds = (kind: Resource['kind'], what: string, more: Partial<Resource> = {}): Resource => ({
    kind,
    what,
    connections: 0,
    descriptors: 0,
    parts: [],
    ...more,
  });

  function childOf(child: InstanceType<typeof ChildProcess>): Resource | undefined {
    const { pid, exitCode, signalCode, stdio, channel, spawnfile } = child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return undefined;
    const pipes = (stdio ?? []).filter((pipe): pipe is NonNullable<typeof pipe> => {
      return !!pipe && !pipe.destroyed;
    });
    // Its arguments can contain secrets.
    return holds('process', `child process ${baseOf(spawnfile)}`, {
      descriptors: pipes.length + (channel ? 1 : 0),
      parts: pipes,
    });
  }
  function threadOf(worker: InstanceType<typeof Worker>): Resource | undefined {
    if (worker.threadId < 0) return undefined;
    const ports = Object.getOwnPropertySymbols(worker)
      .map((symbol) => (worker as never as Record<symbol, unknown>)[symbol])
      .filter((value) => value instanceof MessagePort);
    return holds('thread', 'worker thread', { descriptors: pipesOfThread, parts: ports });
  }
  function portOf(port: InstanceType<typeof MessagePort>): Resource | undefined {
    // V8 also finds ports that Node has not initialized, whose methods end the process, and the
    // objects that earlier calls have returned.
    const isPort = Object.getOwnPropertySymbols(port).length > 0 && !Object.hasOwn(port, 'active');
    if (!isPort) return undefined;
    const inspect = (port as never as Record<symbol, () => { active?: boolean }>)[custom];
    return inspect?.call(port).active ? holds('port', 'message port') : undefined;
  }
  function watcherOf({ _handle }: Candidate): Resource | undefined {
    return _handle ? holds('watcher', 'file watcher') : undefined;
  }
  function socketOf({ destroyed, _handle }: Candidate): Resource | undefined {
    if (destroyed || !_handle) return undefined;
    return _handle.constructor.name === 'Pipe'
      ? holds('descriptor', 'connection to a local socket', { descriptors: 1 })
      : holds('socket', 'connection', { connections: 1 });
  }
  function fileOf({ fd, destroyed }: Candidate): Resource | undefined {
    const isOpen = typeof fd === 'number' && fd >= 0 && destroyed !== true;
    return isOpen ? holds('descriptor', 'open file', { descriptors: 1 }) : undefined;
  }
  type Read = (object: never) => Resource | undefined;
  const classes: [{ prototype: object }, Read][] = [
    [ChildProcess, childOf],
    [Worker, threadOf],
    [MessagePort, portOf],
    [Socket, socketOf],
    [ReadStream, fileOf],
    [WriteStream, fileOf],
  ];
  /** Node does not export these classes. */
  const byName: Record<string, Read> = {
    FileHandle: fileOf,
    FSWatcher: watcherOf,
    StatWatcher: watcherOf,
  };
  function readOf(prototype: object): Read | undefined {
    const known = classes.find(
      ([each]) =>
        each.prototype === prototype ||
        Object.prototype.isPrototypeOf.call(each.prototype, prototype),
    );
    return known?.[1] ?? byName[(prototype as Candidate).constructor?.name ?? ''];
  }
  // There are up to millions of objects, but few classes.
  const reads = new Map<object, Read | undefined>();
  return (object) => {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype === null) return undefined;
    if (!reads.has(prototype)) reads.set(prototype, readOf(prototype));
    const read = reads.get(prototype);
    // The prototype of a subclass is not an object of the class.
    return read === undefined || Object.hasOwn(object, 'constructor')
      ? undefined
      : read(object as never);
  };
}
export type ResourceReader = typeof resourceReader;
