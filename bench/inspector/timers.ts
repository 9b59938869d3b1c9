/**
 * What Node keeps of a timer, in fields of its own: private, and the same from Node 18 to 26. Besides the probe, which
 * wraps timers inside a process, no other file knows them. These functions run inside the process that is inspected, and
 * are sent there as text: pass them to functions that are sent, which cannot import them.
 */

/** A timer that V8 found. */
export type TimerObject = object;

/** A timer of the program that is running. */
export interface RunningTimer {
  /** How long it waits before it repeats; `null` where it fires once. */
  everyMs: number | null;
  callback: (...args: unknown[]) => unknown;
}

interface NodeTimer {
  _destroyed: boolean;
  /** Deno has `true` where Node has the time. */
  _repeat: number | true | null;
  _idleTimeout: number;
  _onTimeout: RunningTimer['callback'] | null;
}

/** Their class is not exported, but an instance shows it. */
export function prototypeOfTimers(): object {
  const timer = setTimeout(() => {});
  clearTimeout(timer);
  return Object.getPrototypeOf(timer) as object;
}
export type PrototypeOfTimers = typeof prototypeOfTimers;

/** @returns nothing where it has been cleared, or is Node's own */
export function readTimer(timer: TimerObject): RunningTimer | undefined {
  const { _destroyed, _repeat, _idleTimeout, _onTimeout: callback } = timer as NodeTimer;
  // Node's own `resetCache` renews the Date header once a second, while there are requests.
  if (
    _destroyed ||
    !callback ||
    (callback.name === 'resetCache' && String(callback).includes('utcCache'))
  )
    return undefined;
  return { everyMs: _repeat === true ? _idleTimeout : _repeat || null, callback };
}
export type ReadTimer = typeof readTimer;

/** Calls back once, when a running timer is cleared, or has fired for the last time. Node sets a field then. */
export function onceCleared(timer: TimerObject, then: () => void): void {
  let isCleared = false;
  Object.defineProperty(timer, '_destroyed', {
    get: () => isCleared,
    set(destroyed: boolean) {
      if (!destroyed || isCleared) return;
      isCleared = true;
      then();
    },
  });
}
export type OnceCleared = typeof onceCleared;
