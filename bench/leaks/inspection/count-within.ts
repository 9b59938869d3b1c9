/**
 * Functions that are sent as text and run inside the inspected process. They count objects there,
 * and leave functions behind whose places a later query resolves.
 */
import type { PrototypeOfTimers, ReadTimer, TimerObject } from '../../inspector/timers.ts';

type Callback = (...args: unknown[]) => unknown;
/** The properties we read of an object that may be a response, a socket, or any other emitter. */
interface Emitter {
  destroyed?: boolean;
  pipe?: unknown;
  writeHead?: unknown;
  eventNames(): (string | symbol)[];
  rawListeners(event: string | symbol): (Callback & { listener?: Callback })[];
}
/** Things of one kind with the same origin, as far as it can be determined inside the process. */
export interface Counted {
  kind: 'timer' | 'listener';
  /** Identifies the origin: the source text of the function, or the stack of its creation. */
  key: string;
  what: string;
  count: number;
  /** The stack of the creation, if the probe recorded it. */
  stack?: string;
}
/** A query stores functions with unknown places here. The next query resolves them. */
type Store = Record<symbol, Callback[]>;
/** The API of `inspector/probe/probe.cjs`. */
interface ProbeApi {
  siteOf(timer: TimerObject): string | undefined;
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
): { responses: number; counted: Counted[] } {
  const Timers = prototypeOfTimers();
  // `process` inherits from EventEmitter through its own class.
  const Emitters = Object.getPrototypeOf(Object.getPrototypeOf(process));
  const probe = (globalThis as never as Probe)[Symbol.for('ssebench.probe')];
  const counted = new Map<string, Counted>();
  const functions: Callback[] = [];
  let responses = 0;

  function count(kind: Counted['kind'], what: string, callback: Callback, stack?: string) {
    const key = `${what} ${stack ?? `${callback.name} ${callback}`}`;
    const same = counted.get(key);
    if (same) same.count++;
    else counted.set(key, { kind, key, what, count: 1, ...(stack !== undefined && { stack }) });
    if (!same && !known.includes(key)) functions.push(callback);
  }
  function countTimer(timer: TimerObject) {
    const running = readTimer(timer);
    if (running === undefined) return;
    // A setTimeout can have a different delay each time at the same place, so the delay is not part
    // of its name.
    const what = running.everyMs === null ? 'setTimeout' : `setInterval ${running.everyMs} ms`;
    count('timer', what, running.callback, probe?.siteOf(timer));
  }
  function countEmitter(emitter: Emitter) {
    if (typeof emitter.writeHead === 'function' && emitter.destroyed) responses++;
    // Streams are created and closed with their connections, and so are their listeners. A
    // prototype is not an emitter.
    if (emitter.pipe !== undefined || !Object.hasOwn(emitter, '_events')) return;
    for (const event of emitter.eventNames()) {
      for (const raw of emitter.rawListeners(event))
        count('listener', `listener of '${String(event)}'`, raw.listener ?? raw);
    }
  }
  const isA = (prototype: object, object: object) =>
    Object.prototype.isPrototypeOf.call(prototype, object);
  for (const object of objects) {
    if (isA(Timers, object)) countTimer(object);
    else if (isA(Emitters, object)) countEmitter(object as Emitter);
  }
  // The next query resolves the places of these functions.
  if (functions.length > 0)
    (globalThis as never as Store)[Symbol.for('ssebench.functions')] = functions;
  return { responses, counted: [...counted.values()] };
}

/**
 * Runs inside the process: finds the kinds of collections that hold ended responses. An array
 * counts only with at least two of them, because Node itself keeps an array with one response for
 * each connection.
 */
export function keepersAmong(objects: object[]): string[] {
  const isDead = (value: unknown) => {
    const { writeHead, destroyed } = (
      typeof value === 'object' && value !== null ? value : {}
    ) as Emitter;
    return typeof writeHead === 'function' && destroyed === true;
  };
  const keepers = [
    {
      name: 'a Set',
      least: 1,
      valuesIn: (object: object) => (object instanceof Set ? [...object] : []),
    },
    {
      name: 'a Map',
      least: 1,
      valuesIn: (object: object) =>
        object instanceof Map ? [...object.keys(), ...object.values()] : [],
    },
    {
      name: 'an array',
      least: 2,
      valuesIn: (object: object) => (Array.isArray(object) ? object : []),
    },
  ];
  const holds = (object: object, { least, valuesIn }: (typeof keepers)[number]) => {
    try {
      return valuesIn(object).filter(isDead).length >= least;
    } catch {
      return false; // a prototype is not a real collection, and a subclass may not be iterable
    }
  };
  // `objects` is itself an array that holds all responses.
  return keepers
    .filter((keeper) => objects.some((object) => object !== objects && holds(object, keeper)))
    .map(({ name }) => name);
}

/** Deletes what a query has left behind. */
export function forget(): void {
  delete (globalThis as never as Store)[Symbol.for('ssebench.functions')];
}
