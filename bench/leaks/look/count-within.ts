/** What runs inside the process that is looked into, and is sent there as text: it counts, and leaves functions behind. */

type Callback = (...args: unknown[]) => unknown;
/** The part of Node's `Timeout` that we read: private, and the same from Node 18 to 26. */
interface Timer {
  _destroyed: boolean;
  _repeat: number | boolean | null;
  _idleTimeout: number;
  _onTimeout: Callback | null;
}
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
  /** The source of the function, or the stack of the creation: what tells them from others. */
  key: string;
  what: string;
  count: number;
  /** The stack of the creation, where the probe is there to know it. */
  stack?: string;
}
/** Where a question leaves functions whose place is not known yet, for the next to ask for it. */
type Store = Record<symbol, Callback[]>;
/** What `target/probe/probe.cjs` offers. */
interface ProbeApi {
  siteOf(timer: Timer): string | undefined;
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

export function countTimers(timers: Timer[], known: string[]): Counted[] {
  const probe = (globalThis as never as Probe)[Symbol.for('ssebench.probe')];
  const counted = new Map<string, Counted>();
  const functions: Callback[] = [];
  for (const timer of timers) {
    const { _destroyed, _repeat, _onTimeout: callback } = timer;
    // Node's own `resetCache` renews the Date header once a second, while there are requests.
    if (_destroyed || !callback || (callback.name === 'resetCache' && String(callback).includes('utcCache'))) continue;
    // The delay of a single shot may be another each time, and the place the same.
    // Deno has `true` for `_repeat`.
    const what = !_repeat ? 'setTimeout' : `setInterval ${_repeat === true ? timer._idleTimeout : _repeat} ms`;
    const stack = probe?.siteOf(timer);
    const key = `${what} ${stack ?? `${callback.name} ${callback}`}`;
    const same = counted.get(key);
    if (same) same.count++;
    else counted.set(key, { key, what, count: 1, ...(stack !== undefined && { stack }) });
    if (!same && !known.includes(key)) functions.push(callback);
  }
  // For the next question, which is where they are written.
  if (functions.length > 0) (globalThis as never as Store)[Symbol.for('ssebench.timers')] = functions;
  return [...counted.values()];
}

export function countEmitters(emitters: Emitter[], known: string[]): { responses: number; listeners: Counted[] } {
  const counted = new Map<string, Counted>();
  const functions: Callback[] = [];
  let responses = 0;
  for (const emitter of emitters) {
    if (typeof emitter.writeHead === 'function' && emitter.destroyed) responses++;
    // Streams come and go with their connections, and their listeners with them. A prototype is no emitter.
    if (emitter.pipe !== undefined || !Object.hasOwn(emitter, '_events')) continue;
    for (const event of emitter.eventNames()) {
      for (const raw of emitter.rawListeners(event)) {
        const callback = raw.listener ?? raw;
        const what = `listener of '${String(event)}'`;
        const key = `${what} ${callback.name} ${callback}`;
        const same = counted.get(key);
        if (same) same.count++;
        else counted.set(key, { key, what, count: 1 });
        if (!same && !known.includes(key)) functions.push(callback);
      }
    }
  }
  if (functions.length > 0) (globalThis as never as Store)[Symbol.for('ssebench.listeners')] = functions;
  return { responses, listeners: [...counted.values()] };
}

/** Responses that are over in collections that hold at least so many of them. */
export function countDeadIn(all: Iterable<unknown>[], least: number): number {
  const isDead = (value: unknown) => {
    const { writeHead, destroyed } = (typeof value === 'object' && value !== null ? value : {}) as Emitter;
    return typeof writeHead === 'function' && destroyed === true;
  };
  const deadIn = (collection: Iterable<unknown>) => {
    try {
      // Of a map both sides may be responses.
      return (collection instanceof Map ? [...collection.keys(), ...collection.values()] : [...collection]).filter(isDead).length;
    } catch {
      return 0; // a prototype is no collection, and a program’s own kind may be no iterable
    }
  };
  return all.map(deadIn).filter((dead) => dead >= least).reduce((sum, dead) => sum + dead, 0);
}

/** Lets go of what a question has left behind. */
export function forget(kind: string): void {
  delete (globalThis as never as Store)[Symbol.for(`ssebench.${kind}`)];
}
