/**
 * Counts what a Node process holds, by asking V8 over the inspector: timers by where their function is written,
 * listeners of emitters likewise, and responses that are over and still in memory. Nothing is installed in the
 * process, and nothing is paid before the question; the question is two full collections.
 *
 * The functions that are passed to `callOnAll` run inside the process.
 */
import type { Inspector, ScriptPlace } from '../target/inspect.ts';
import { addUpHeld, type Held } from './held.ts';
import { originOfFunction, originOfStack } from './places.ts';

// An instance shows the class of timers; `process` is an emitter by way of its own class.
const timerPrototype = '(timer => { clearTimeout(timer); return Object.getPrototypeOf(timer); })(setTimeout(() => {}))';
const emitterPrototype = 'Object.getPrototypeOf(Object.getPrototypeOf(process))';

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
interface Counted {
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
const timerFunctions = 'globalThis[Symbol.for("ssebench.timers")]';
const listenerFunctions = 'globalThis[Symbol.for("ssebench.listeners")]';

/** @returns counts what the process holds now; remembers the places that it has asked for */
export function createCensus(inspector: Inspector): () => Promise<Held[]> {
  const places = new Map<string, ScriptPlace | undefined>();

  /** Asks for the places of what is new, whose functions the question has left behind. */
  async function locate(counted: readonly Counted[], functions: string) {
    const unknown = counted.filter(({ key }) => !places.has(key));
    if (unknown.length === 0) return;
    const found = await inspector.placesOf(functions);
    for (const [index, { key }] of unknown.entries()) places.set(key, found[index]);
    await inspector.call((name: string) => void delete (globalThis as never as Store)[Symbol.for(name)], functions.split('"')[1]!);
  }
  const heldOf = (kind: Held['kind'], { key, what, count, stack }: Counted): Held => {
    const origin = stack === undefined ? originOfFunction(places.get(key)) : originOfStack(stack);
    return { kind, what, count, traced: stack !== undefined, ...origin };
  };

  return async () => {
    const known = [...places.keys()];
    const [timers, { responses, listeners }] = await Promise.all([
      inspector.callOnAll(timerPrototype, countTimers, known),
      inspector.callOnAll(emitterPrototype, countEmitters, known),
    ]);
    await locate(timers, timerFunctions);
    await locate(listeners, listenerFunctions);
    return addUpHeld([
      ...timers.map((timer) => heldOf('timer', timer)),
      ...listeners.map((listener) => heldOf('listener', listener)),
      heldOf('response', { key: '', what: 'dead response', count: responses }),
    ]);
  };
}

/** Runs inside the process: what its probe has noted, and no longer needs to. */
export function takeClearings(): number[][] {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.takeClearings() ?? [];
}

/** Runs inside the process. */
export function countRunningTimers(): number | undefined {
  return (globalThis as never as Probe)[Symbol.for('ssebench.probe')]?.runningTimers();
}

function countTimers(timers: Timer[], known: string[]): Counted[] {
  const probe = (globalThis as never as Probe)[Symbol.for('ssebench.probe')];
  const counted = new Map<string, Counted>();
  const functions: Callback[] = [];
  for (const timer of timers) {
    const { _destroyed, _repeat, _onTimeout: callback } = timer;
    // `resetCache` is Node's: it renews the Date header once a second, while there are requests.
    if (_destroyed || !callback || callback.name === 'resetCache') continue;
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
  if (functions.length > 0) (globalThis as never as Store)[Symbol.for('ssebench.timers')] = functions;
  return [...counted.values()];
}

function countEmitters(emitters: Emitter[], known: string[]): { responses: number; listeners: Counted[] } {
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
