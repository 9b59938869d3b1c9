/**
 * The private fields of a Node timer, which are the same from Node 18 to 26. Besides the probe,
 * which wraps timers inside a process, only this file knows them. ssebench sends these functions as
 * text to the inspected process. Pass them as arguments to other sent functions, which cannot
 * import them.
 */

/** A timer that V8 found. */
export type TimerObject = object;

/** A running timer of the program. */
export interface RunningTimer {
  /** The interval of a repeating timer; `null` if it fires once. */
  everyMs: number | null;
  callback: (...args: unknown[]) => unknown;
}

interface NodeTimer {
  _destroyed: boolean;
  /** Deno has `true` instead of the time. */
  _repeat: number | true | null;
  _idleTimeout: number;
  _onTimeout: RunningTimer['callback'] | null;
}

/** Node does not export their class, but an instance has its prototype. */
export function prototypeOfTimers(): object {
  const timer = setTimeout(() => {});
  clearTimeout(timer);
  return Object.getPrototypeOf(timer) as object;
}
export type PrototypeOfTimers = typeof prototypeOfTimers;

/** @returns `undefined` if the timer has been cleared, or is Node's own */
export function readTimer(timer: TimerObject): RunningTimer | undefined {
  const { _destroyed, _repeat, _idleTimeout, _onTimeout: callback } = timer as NodeTimer;
  // Node's own `resetCache` renews the Date header once per second while there are requests.
  if (
    _destroyed ||
    !callback ||
    (callback.name === 'resetCache' && String(callback).includes('utcCache'))
  )
    return undefined;
  return { everyMs: _repeat === true ? _idleTimeout : _repeat || null, callback };
}
export type ReadTimer = typeof readTimer;

/**
 * Calls back once, when a running timer is cleared or has fired for the last time. Node sets this
 * field then.
 */
export function onceCleared(timer: TimerObject, then: () => void): void {
  let isDestroyed = false;
  let isReported = false;
  Object.defineProperty(timer, '_destroyed', {
    // Node reads it. A timer that has fired is no longer destroyed after `refresh`.
    get: () => isDestroyed,
    set(destroyed: boolean) {
      isDestroyed = destroyed;
      if (!destroyed || isReported) return;
      isReported = true;
      then();
    },
  });
}
export type OnceCleared = typeof onceCleared;
