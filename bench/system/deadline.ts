/** Waits with a time limit: nothing in a run may wait forever. */

/**
 * @param message of the error when the time is over
 * @param signal stops waiting earlier
 */
export async function within<T>(
  timeMs: number,
  message: string,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error(message));
  const timer = setTimeout(giveUp, timeMs);
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) giveUp();
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
