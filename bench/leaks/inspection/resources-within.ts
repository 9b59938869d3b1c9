/**
 * A function that is sent as text and runs inside the inspected process. It recognizes objects
 * behind which Node holds something of the operating system: a child process, a thread, a message
 * port, a file watcher, a connection or a file.
 *
 * V8 also finds objects of native classes that Node has never initialized: V8's own template of a
 * class, from which it copies instances. A method or getter of such an object ends the process. So
 * this calls nothing native, except for a port that has properties which only Node's constructor
 * adds.
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
  /** The number of an open file. */
  file?: number;
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
  const { EventEmitter } = load('node:events');
  const { Socket } = load('node:net');
  const { ReadStream, WriteStream } = load('node:fs');
  const custom = Symbol.for('nodejs.util.inspect.custom');
  /** Threads have a pair of pipes. Their other descriptors have no names. */
  const pipesOfThread = 2;

  /** The value of an own property without a getter. */
  const own = (object: object, key: string | symbol) =>
    Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
  /** The same for a symbol that Node does not export. */
  const ownOf = (object: object, description: string) => {
    const symbol = Object.getOwnPropertySymbols(object).find(
      (each) => each.description === description,
    );
    return symbol && own(object, symbol);
  };
  const isA = (prototype: object, object: object) =>
    prototype === object || Object.prototype.isPrototypeOf.call(prototype, object);

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
    const [pid, exitCode, signalCode] = ['pid', 'exitCode', 'signalCode'].map((key) =>
      own(child, key),
    );
    const { stdio, channel, spawnfile } = child;
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
      .map((symbol) => own(worker, symbol))
      .filter((value) => value instanceof MessagePort);
    return holds('thread', 'worker thread', { descriptors: pipesOfThread, parts: ports });
  }
  function portOf(port: InstanceType<typeof MessagePort>): Resource | undefined {
    // `inspect` returns copies of ports, and V8 finds those too.
    if (ownOf(port, 'kEvents') === undefined || Object.hasOwn(port, 'active')) return undefined;
    const inspect = (MessagePort.prototype as never as Record<symbol, () => { active?: boolean }>)[
      custom
    ];
    return inspect?.call(port).active ? holds('port', 'message port') : undefined;
  }
  /** The native object behind an object; `null` after it was closed. */
  const handleOf = (object: object) =>
    (own(object, '_handle') ?? ownOf(object, 'kHandle')) as object | null | undefined;
  const watcherOf = (watcher: object) =>
    handleOf(watcher) ? holds('watcher', 'file watcher') : undefined;
  function socketOf(socket: object): Resource | undefined {
    const handle = handleOf(socket);
    if (!handle) return undefined;
    return handle.constructor?.name === 'Pipe'
      ? holds('descriptor', 'connection to a local socket', { descriptors: 1 })
      : holds('socket', 'connection', { connections: 1 });
  }
  function fileOf(object: object): Resource | undefined {
    const file = own(object, 'fd') ?? ownOf(object, 'kFd');
    const isOpen = typeof file === 'number' && file >= 0;
    return isOpen ? holds('descriptor', 'open file', { descriptors: 1, file }) : undefined;
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
  /** Node does not export these classes. It has native classes with the same names. */
  const emittersByName = new Map<unknown, Read>([
    ['FileHandle', fileOf],
    ['FSWatcher', watcherOf],
    ['StatWatcher', watcherOf],
  ]);
  function readOf(prototype: object): Read | undefined {
    const known = classes.find(([each]) => isA(each.prototype, prototype));
    if (known !== undefined || !isA(EventEmitter.prototype, prototype)) return known?.[1];
    const constructor = own(prototype, 'constructor');
    return typeof constructor === 'function'
      ? emittersByName.get(own(constructor, 'name'))
      : undefined;
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
