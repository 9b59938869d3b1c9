/**
 * What runs inside the process that is looked into: it opens a session of its own with V8, so that finding objects and
 * counting them is one step. From outside it takes two messages, and between them the program runs on: of ten loops
 * that sleep 50 ms at a time, the timers of one or two had fired meanwhile.
 */

/** @returns whether a process can be asked so: not Deno, which ends when two sessions meet (2.9), and not Node below 20.16 */
export function hasOwnSession(): boolean {
  return (
    !('Deno' in globalThis) &&
    typeof process.getBuiltinModule === 'function' &&
    process.features.inspector
  );
}

/** An answer of the protocol, as far as it is read here. */
interface Answer {
  result?: { objectId?: string; value?: unknown; description?: string };
  objects?: { objectId?: string };
  exceptionDetails?: { exception?: { description?: string }; text: string };
}

/**
 * Calls a function on all live objects that inherit from a prototype, after a full collection. It is sent as text, and
 * sees nothing of its surroundings here.
 *
 * @param prototype an expression
 * @param declaration a function whose `this` is the array of objects
 * @returns what that returns, as JSON would hold it
 */
export function callOnAllWithin(prototype: string, declaration: string): unknown {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  const objectGroup = 'ssebench within';
  // Within one thread the answer is there before the call returns.
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
    ask('Runtime.releaseObjectGroup', {}); // what it refers to stays alive, and the next question would count it
    session.disconnect();
  }
}
