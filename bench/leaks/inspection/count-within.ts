/**
 * Functions that are sent as text and run inside the inspected process. They count objects there,
 * and leave functions behind whose places a later query resolves.
 */
import type { HeldKind } from '../../result/held.ts';
import type { CollectionCounter } from './collections-within.ts';
import type { PendingReader } from './pending-within.ts';
import type { Resource, ResourceReader } from './resources-within.ts';
import type { PrototypeOfTimers, ReadTimer, TimerObject } from '../../inspector/timers.ts';

type Callback = (...args: unknown[]) => unknown;
/** An emitter whose listeners Node keeps in `_events`: one function for each event, or a list. */
interface Emitter {
  destroyed?: boolean;
}
/** A listener of an event target, in Node's linked list. */
interface Registration {
  next?: Registration;
  listener?: Callback | { handleEvent?: Callback };
}
/** Things of one kind with the same origin, as far as it can be determined inside the process. */
export interface Counted {
  kind: HeldKind;
  /** Identifies the origin: the source text of the function, or the stack of its creation. */
  key: string;
  what: string;
  count: number;
  /** The stack of the creation, if the probe recorded it. */
  stack?: string;
  /** Whether the place of a function is its origin. */
  isFunction?: boolean;
}
/** The result of a query. */
export interface Count {
  responses: number;
  counted: Counted[];
  /** Connections and other descriptors that belong to what was counted. */
  connections: number;
  descriptors: number;
}
/** A query stores functions with unknown places here. The next query resolves them. */
type Store = Record<symbol, Callback[]>;
/** The API of `inspector/probe/probe.cjs`. */
interface ProbeApi {
  siteOf(timer: TimerObject): string | undefined;
  creatorOf(object: object): string | undefined;
  openFiles(): [file: number, stack: string][];
  collections(): object[];
  takeClearings(): number[][];
  runningTimers(): number;
}
type Probe = Record<symbol, ProbeApi | undefined>;
/** Runs inside the process: returns what the probe has recorded, and clears the record. */
export function takeClearings(): number[][] {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.takeClearings() ?? [];
}

/** Runs inside the process. */
export function countRunningTimers(): number | undefined {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.runningTimers();
}

/** Runs inside the process: counts held things among these objects, grouped by origin. */
export function countHeld(
  objects: object[],
  known: string[],
  readTimer: ReadTimer,
  prototypeOfTimers: PrototypeOfTimers,
  resourceReader: ResourceReader,
  collectionCounter: CollectionCounter,
  pendingReader: PendingReader,
): Count {
  const Timers = prototypeOfTimers();
  const readResource = resourceReader();
  const collections = collectionCounter();
  const readPending = pendingReader();
  // `process` inherits from EventEmitter through its own class.
  const Emitters = Object.getPrototypeOf(Object.getPrototypeOf(process));
  const probe = (globalThis as never as Probe)[Symbol.for('ssebench.probe')];
  const counted = new Map<string, Counted>();
  const functions: Callback[] = [];
  const total = { responses: 0, connections: 0, descriptors: 0 };
  const parts = new Set<object>();
  /** Node has one more port for each thread, to which no property refers. */
  let portsOfThreads = 0;
  /** Collections that do not count: those of queries, of the probe, and lists of listeners. */
  const own = new Set<object>([objects, functions, ...(probe?.collections() ?? [])]);
  const files = new Set<unknown>();
  const resources: { object: object; resource: Resource }[] = [];

  /** The value of an own property. A getter of the program must not run. */
  const valueOf = (object: object, key: string | symbol) =>
    Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
  const textOf = (callback: Callback) =>
    `${String(valueOf(callback, 'name'))} ${Function.prototype.toString.call(callback)}`;
  function count(kind: HeldKind, what: string, stack?: string, callback?: Callback) {
    const key = `${what} ${stack ?? (callback ? textOf(callback) : '')}`;
    const same = counted.get(key);
    if (same) {
      same.count++;
      return;
    }
    const origin = stack === undefined ? { isFunction: callback !== undefined } : { stack };
    counted.set(key, { kind, key, what, count: 1, ...origin });
    if (stack === undefined && callback && !known.includes(key)) functions.push(callback);
  }
  function countTimer(timer: TimerObject) {
    const running = readTimer(timer);
    if (running === undefined) return;
    // A setTimeout can have a different delay each time at the same place, so the delay is not part
    // of its name.
    const what = running.everyMs === null ? 'setTimeout' : `setInterval ${running.everyMs} ms`;
    count('timer', what, probe?.siteOf(timer), running.callback);
  }
  /**
   * Names that differ only in an id, such as `message-17`, belong to the same leak. A number within
   * a word, as in `http2`, is no id.
   */
  const ids = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?<![a-z\d])\d+(?![a-z\d])/gi;
  const countListener = (event: string | symbol, listener: object, callback: Callback) => {
    const name = String(event).replaceAll(ids, '*');
    count('listener', `listener of '${name}'`, probe?.creatorOf(listener), callback);
  };
  function countEmitter(emitter: Emitter) {
    const events = valueOf(emitter, '_events') as object | undefined;
    // A prototype is not an emitter.
    if (typeof events !== 'object') return;
    if ('writeHead' in emitter && emitter.destroyed === true) total.responses++;
    // Streams are created and closed with their connections, and so are their listeners.
    const isStream = 'pipe' in emitter;
    for (const event of Reflect.ownKeys(events)) {
      const listeners = valueOf(events, event);
      if (Array.isArray(listeners)) own.add(listeners);
      if (isStream || !listeners) continue;
      for (const raw of [listeners].flat() as Callback[]) {
        const inner = valueOf(raw, 'listener');
        const callback = typeof inner === 'function' ? (inner as Callback) : raw;
        countListener(event, callback, callback);
      }
    }
  }
  /** Every message port listens to these. */
  const ofNode = new Set<string | symbol>(['newListener', 'removeListener']);
  /** Node has no function that lists the events of a target. */
  function countEventTarget(target: object) {
    const symbol = Object.getOwnPropertySymbols(target).find(
      ({ description }) => description === 'kEvents',
    );
    const events = symbol && (target as never as Record<symbol, Map<string, Registration>>)[symbol];
    for (const [event, root] of events ?? []) {
      if (ofNode.has(event)) continue;
      for (let { next } = root; next; { next } = next) {
        const { listener } = next;
        const callback = typeof listener === 'function' ? listener : listener?.handleEvent;
        // A weak listener has neither.
        if (typeof callback === 'function') countListener(event, listener as object, callback);
      }
    }
  }
  /** Connections and files are also counted from outside. Only the probe knows more of them. */
  function countResource(object: object, { kind, what, connections, descriptors, file }: Resource) {
    const stack = probe?.creatorOf(object);
    if (stack === undefined && (kind === 'socket' || kind === 'descriptor')) return;
    if (stack === undefined && kind === 'port' && portsOfThreads-- > 0) return;
    count(kind, what, stack);
    total.connections += connections;
    total.descriptors += descriptors;
    files.add(file);
  }
  const isA = (prototype: object, object: object) =>
    Object.prototype.isPrototypeOf.call(prototype, object);
  function inspect(object: object) {
    collections.add(object);
    const pending = readPending(object);
    if (pending !== undefined) {
      count(pending.kind, pending.what);
      return;
    }
    const resource = readResource(object);
    if (resource !== undefined) {
      resources.push({ object, resource });
      if (resource.kind === 'thread') portsOfThreads++;
      for (const part of resource.parts) parts.add(part);
    } else if (isA(Timers, object)) countTimer(object);
    else if (isA(Emitters, object)) countEmitter(object as Emitter);
    else if (isA(EventTarget.prototype, object)) countEventTarget(object);
  }
  for (const object of objects) {
    try {
      inspect(object);
    } catch {
      // A property or a Proxy of the program has thrown.
    }
  }
  for (const { object, resource } of resources)
    if (!parts.has(object)) countResource(object, resource);
  for (const [file, stack] of probe?.openFiles() ?? []) {
    if (files.has(file)) continue;
    count('descriptor', 'open file', stack);
    total.descriptors++;
  }
  for (const { id, kind, entries } of collections.grown(own)) {
    const what = `entry of ${kind === 'array' ? 'an array' : `a ${kind}`}`;
    counted.set(id, { kind: 'entry', key: id, what: `${what} (${id})`, count: entries });
  }
  // The next query resolves the places of these functions.
  if (functions.length > 0)
    (globalThis as never as Store)[Symbol.for('ssebench.functions')] = functions;
  return { ...total, counted: [...counted.values()] };
}

/** Deletes what a query has left behind. */
export function forget(): void {
  delete (globalThis as never as Store)[Symbol.for('ssebench.functions')];
}
