/** Counts what waits in a server's sockets. Runs inside the server, so it uses nothing outside itself. */
import type { Inspector } from '../../inspector/inspect.ts';

/** Data that Node holds for clients, because the buffers of the system are full. */
export interface Queued {
  /** All memory in use, after a garbage collection if one can be requested. */
  memoryBytes: number;
  /** Bytes that wait in sockets; 0 if that cannot be seen. */
  queuedBytes: number;
  /**
   * Those above the high-water mark of their socket. A server that respects backpressure exceeds
   * the mark by its last event only.
   */
  beyondMarkBytes: number;
}

/** An expression for the prototype of emitters, since all sockets are emitters. */
const emitterPrototype = 'Object.getPrototypeOf(Object.getPrototypeOf(process))';

export const queuedInSockets = (inspector: Inspector): Promise<Queued> =>
  inspector.callOnAll(emitterPrototype, countQueued);

/** @param emitters all emitters of the process; getters are not called */
export function countQueued(emitters: readonly object[]): Queued {
  const valueOf = (object: object, name: string): unknown =>
    Object.getOwnPropertyDescriptor(object, name)?.value;
  const { heapUsed, external } = process.memoryUsage();
  const queued = { memoryBytes: heapUsed + external, queuedBytes: 0, beyondMarkBytes: 0 };
  for (const emitter of emitters) {
    // Only sockets that a server accepted have a server.
    if (!valueOf(emitter, 'server')) continue;
    const state = valueOf(emitter, '_writableState') as
      | { length?: number; highWaterMark?: number }
      | undefined;
    const { length, highWaterMark } = state ?? {};
    if (typeof length !== 'number' || typeof highWaterMark !== 'number') continue;
    queued.queuedBytes += length;
    queued.beyondMarkBytes += Math.max(0, length - highWaterMark);
  }
  return queued;
}
