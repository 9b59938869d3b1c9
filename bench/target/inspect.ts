/** A session with the inspector of a Node process: asks V8 what is alive in there. */
import { WebSocket } from 'undici';
import { within } from '../deadline.ts';

export interface Inspector {
  /**
   * Runs a function inside the process. It is sent as text: it sees the globals of the process, its
   * arguments, and nothing of its surroundings here.
   *
   * @returns what it returns, as JSON
   */
  call<Result, Arguments extends unknown[]>(code: (...args: Arguments) => Result, ...args: Arguments): Promise<Result>;
  /**
   * Runs a function on all live objects that inherit from the prototype, after a full collection.
   *
   * @param prototype an expression for the prototype
   */
  callOnAll<Result, Arguments extends unknown[]>(
    prototype: string,
    code: (objects: never[], ...args: Arguments) => Result,
    ...args: Arguments
  ): Promise<Result>;
  close(): void;
}

/** Finding objects is a full collection: 6 s with a heap of 200 MB, on a core of its own. */
const answerWithinMs = 60_000;
const objectGroup = 'ssebench';

interface RemoteValue {
  result: { value?: unknown; objectId?: string };
  exceptionDetails?: { exception?: { description?: string }; text: string };
}

/** Opens the session; the protocol is the Chrome DevTools Protocol, version 1.3. */
export async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  const fail = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(`inspector: ${error.message}`));
    else answer?.resolve(result);
  });
  socket.addEventListener('close', () => fail('the inspector closed the session'));
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no inspector answers at ${url}`)));
  });
  await within(answerWithinMs, `the inspector does not answer at ${url}`, opened);

  async function send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method, params }));
    return within(answerWithinMs, `inspector: no answer to ${method}`, answer.promise as Promise<Result>);
  }
  function valueOf({ result, exceptionDetails }: RemoteValue) {
    if (exceptionDetails) throw new Error(`inspector: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result;
  }
  const evaluate = async (expression: string, returnByValue: boolean) =>
    valueOf(await send<RemoteValue>('Runtime.evaluate', { expression, returnByValue, objectGroup }));

  return {
    async call(code, ...args) {
      const list = args.map((argument) => JSON.stringify(argument)).join(', ');
      return (await evaluate(`(${code})(${list})`, true)).value as never;
    },
    async callOnAll(prototype, code, ...args) {
      const { objectId } = await evaluate(prototype, false);
      const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', {
        prototypeObjectId: objectId,
        objectGroup,
      });
      const answer = await send<RemoteValue>('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: `function (...args) { return (${code})(this, ...args); }`,
        arguments: args.map((value) => ({ value })),
        returnByValue: true,
      });
      // What the group refers to stays alive, and the next query would count it.
      await send('Runtime.releaseObjectGroup', { objectGroup });
      return valueOf(answer).value as never;
    },
    close: () => socket.close(),
  };
}
