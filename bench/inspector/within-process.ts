/**
 * Code that runs inside the inspected process. It opens its own session with V8, so that finding
 * objects and counting them is one step. From outside that needs two messages, and the program runs
 * between them: the timers of one or two of ten loops that sleep for 50 ms had fired meanwhile.
 */

/**
 * @returns whether a process supports this. Deno does not, since Deno 2.9 ends when two sessions
 * meet, and Node below 20.16 does not.
 */
export function hasOwnSession(): boolean {
  return (
    !('Deno' in globalThis) &&
    typeof process.getBuiltinModule === 'function' &&
    process.features.inspector
  );
}

/** The fields of a protocol answer that are read here. */
interface Answer {
  result?: { objectId?: string; value?: unknown; description?: string };
  objects?: { objectId?: string };
  exceptionDetails?: { exception?: { description?: string }; text: string };
}

/**
 * Calls a function on all live objects that inherit from a prototype, after a full garbage
 * collection. This function is sent as text, so it cannot use anything else of this module.
 *
 * @param prototype an expression
 * @param declaration a function whose `this` is the array of objects
 * @returns its return value, as JSON would represent it
 */
export function callOnAllWithin(prototype: string, declaration: string): unknown {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  const objectGroup = 'ssebench within';
  // Within one thread, the answer arrives before the call returns.
  const ask = (method: string, params: object): Answer => {
    let answer: Answer = {};
    session.post(method, { ...params, objectGroup }, (error: Error | null, result?: object) => {
      if (error) throw error;
      answer = result as Answer;
    });
    if (answer.exceptionDetails)
      throw new Error(
        answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text,
      );
    return answer;
  };
  try {
    const prototypeObjectId = ask('Runtime.evaluate', { expression: prototype }).result!.objectId;
    const { objectId } = ask('Runtime.queryObjects', { prototypeObjectId }).objects!;
    return ask('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: declaration,
      returnByValue: true,
    }).result!.value;
  } finally {
    // Referenced objects stay alive, and the next inspection would count them.
    ask('Runtime.releaseObjectGroup', {});
    session.disconnect();
  }
}
