/** Calls the functions that a program gives, which may throw. */

/**
 * Ends the work of a function of the package if a function of the caller throws, and passes its
 * error on afterwards. Otherwise the error would end the process, or become a result.
 *
 * @param given the signal of the caller
 */
export function guardCalls(given: AbortSignal = new AbortController().signal) {
  const stop = new AbortController();
  const thrown: unknown[] = [];
  return {
    /** Ends the work. */
    signal: AbortSignal.any([given, stop.signal]),
    /** The function, without its errors. */
    guarded:
      <Given extends unknown[]>(call: (...given: Given) => void) =>
      (...all: Given): void => {
        try {
          call(...all);
        } catch (error) {
          thrown.push(error);
          stop.abort();
        }
      },
    /** Throws the first error; to be called when the work has ended. */
    rethrow() {
      if (thrown.length > 0) throw thrown[0];
    },
  };
}
