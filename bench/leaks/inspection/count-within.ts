/** What runs inside the process that is looked into, and is sent there as text: it counts, and leaves functions behind. */
import type { PrototypeOfTimers, ReadTimer, TimerObject } from '../../inspector/timers.ts';

type Callback = (...args: unknown[]) => unknown;
/** What we ask of an emitter that may be a response, a socket, or anything else. */
interface Emitter {
  destroyed?: boolean;
  pipe?: unknown;
  writeHead?: unknown;
  eventNames(): (string | symbol)[];
  rawListeners(event: string | symbol): (Callback & { listener?: Callback })[];
}
/** Things of one kind that come from the same place, so far as can be told inside. */
export interface Counted {
  kind: 'timer' | 'listener';
  /** The source of the function, or the stack of the creation: what tells them from others. */
  key: string;
  what: string;
  count: number;
  /** The stack of the creation, where the probe is there to know it. */
  stack?: string;
}
/** Where a question leaves functions whose place is not known yet, for the next to ask for it. */
type Store = Record<symbol, Callback[]>;
/** What `inspector/probe/probe.cjs` offers. */
interface ProbeApi {
  siteOf(timer: TimerObject): string | undefined;
  takeClearings(): number[][];
  runningTimers(): number;
}
type Probe = Record<symbol, ProbeApi | undefined>;
/** Runs inside the process: what its probe has noted, and no longer needs to. */
export function takeClearings(): number[][] {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.takeClearings() ?? [];
}

/** Runs inside the process. */
export function countRunningTimers(): number | undefined {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.runningTimers();
}

/** Runs inside the process: what of these it holds, told apart by where it comes from. */
export function countHeld(
  objects: object[],
  known: string[],
  readTimer: ReadTimer,
  prototypeOfTimers: PrototypeOfTimers,
): { responses: number; counted: Counted[] } {
  const Timers = prototypeOfTimers();
  // `process` is an emitter by way of its own class.
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
    // The delay of a single shot may be another each time, and the place the same.
    const what = running.everyMs === null ? 'setTimeout' : `setInterval ${running.everyMs} ms`;
    count('timer', what, running.callback, probe?.siteOf(timer));
  }
  function countEmitter(emitter: Emitter) {
    if (typeof emitter.writeHead === 'function' && emitter.destroyed) responses++;
    // Streams come and go with their connections, and their listeners with them. A prototype is no emitter.
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
  // For the next question, which is where they are written.
  if (functions.length > 0)
    (globalThis as never as Store)[Symbol.for('ssebench.functions')] = functions;
  return { responses, counted: [...counted.values()] };
}

/**
 * Runs inside the process: which kinds of collections hold responses that are over. Of arrays Node itself has one for
 * each connection, with one response in it.
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
      return false; // a prototype is no collection, and a program's own kind may be no iterable
    }
  };
  // The array of all objects is one of them.
  return keepers
    .filter((keeper) => objects.some((object) => object !== objects && holds(object, keeper)))
    .map(({ name }) => name);
}

/** Lets go of what a question has left behind. */
export function forget(): void {
  delete (globalThis as never as Store)[Symbol.for('ssebench.functions')];
}
