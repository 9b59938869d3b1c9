/** A session with the inspector of a Node process: asks V8 what is alive in there. */
import { pathToFileURL } from 'node:url';
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
  /**
   * Where functions are written.
   *
   * @param array an expression for an array of functions
   * @returns a place for each; `undefined` for those that are not JavaScript, or bound
   */
  placesOf(array: string): Promise<(ScriptPlace | undefined)[]>;
  close(): void;
}

/** A place in a script of the process. Lines and columns from 1. */
export interface ScriptPlace {
  /** A file URL, or `node:…`. */
  url: string;
  line: number;
  column: number;
}

/** Closes the inspector of a process from inside, since an open one is a door: a little later, so that it can still answer. */
export async function closeOwnInspector(inspector: Inspector): Promise<void> {
  await inspector.call(() => {
    const { close } = process.getBuiltinModule('node:inspector');
    setTimeout(close, 50).unref();
  });
}

/** Finding objects is a full collection: 6 s with a heap of 200 MB, on a core of its own. */
const answerWithinMs = 60_000;
/** What stays known as long as the session. */
const keptGroup = 'ssebench';

interface Property {
  name: string;
  value?: { objectId?: string; value?: unknown };
}
interface RemoteValue {
  result: { value?: unknown; objectId?: string };
  exceptionDetails?: { exception?: { description?: string }; text: string };
}

/** Opens the session; the protocol is the Chrome DevTools Protocol, version 1.3. */
export async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const scripts = new Map<string, string>();
  let lastId = 0;

  const fail = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data));
    if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId, params.url);
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(`inspector: ${error.message}`));
    else answer?.resolve(result);
  });
  const over = 'the inspector closed the session';
  socket.addEventListener('close', () => fail(over));
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    for (const event of ['error', 'close'] as const) {
      socket.addEventListener(event, () => reject(new Error(`no inspector answers at ${url}`)));
    }
  });
  await within(answerWithinMs, `the inspector does not answer at ${url}`, opened);

  async function send<Result>(method: string, params: object = {}): Promise<Result> {
    if (socket.readyState !== WebSocket.OPEN) throw new Error(over); // it would be dropped without a word
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
  const evaluate = async (expression: string, returnByValue: boolean, objectGroup: string) =>
    valueOf(await send<RemoteValue>('Runtime.evaluate', { expression, returnByValue, objectGroup }));

  // Each message and its answer take 40 ms, for which the answer's second part waits (Nagle): so none is sent twice.
  const prototypes = new Map<string, Promise<{ objectId?: string }>>();
  function prototypeOf(expression: string) {
    const known = prototypes.get(expression) ?? evaluate(expression, false, keptGroup);
    prototypes.set(expression, known);
    return known;
  }
  let groups = 0;
  /** What a group refers to stays alive, and the next query would count it. */
  async function inGroup<Result>(use: (objectGroup: string) => Promise<Result>): Promise<Result> {
    const objectGroup = `${keptGroup} ${++groups}`;
    try {
      return await use(objectGroup);
    } finally {
      send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => {}); // the session may be over
    }
  }

  const propertiesOf = (objectId: string) =>
    send<{ result: Property[]; internalProperties?: Property[] }>('Runtime.getProperties', { objectId, ownProperties: true });

  async function placeOf(objectId: string | undefined): Promise<ScriptPlace | undefined> {
    if (objectId === undefined) return undefined;
    const { internalProperties = [] } = await propertiesOf(objectId);
    const found = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    if (!found) return undefined;
    const { scriptId, lineNumber, columnNumber } = found as { scriptId: string; lineNumber: number; columnNumber: number };
    const name = scripts.get(scriptId) ?? '';
    return { url: name.startsWith('/') ? pathToFileURL(name).href : name, line: lineNumber + 1, column: columnNumber + 1 };
  }

  return {
    placesOf: (array) =>
      inGroup(async (objectGroup) => {
        // The debugger knows the names of scripts. It must not stop at anything meanwhile.
        const [{ objectId }] = await Promise.all([
          evaluate(array, false, objectGroup),
          send('Debugger.enable'),
          send('Debugger.setSkipAllPauses', { skip: true }),
        ]);
        const { result } = await propertiesOf(objectId!);
        const elements = result.filter(({ name }) => /^\d+$/.test(name));
        const places = await Promise.all(elements.map(({ value }) => placeOf(value?.objectId)));
        await send('Debugger.disable');
        return places;
      }),
    async call(code, ...args) {
      const list = args.map((argument) => JSON.stringify(argument)).join(', ');
      return (await evaluate(`(${code})(${list})`, true, keptGroup)).value as never;
    },
    callOnAll: (prototype, code, ...args) =>
      inGroup(async (objectGroup) => {
        const { objectId } = await prototypeOf(prototype);
        const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', { prototypeObjectId: objectId, objectGroup });
        const answer = await send<RemoteValue>('Runtime.callFunctionOn', {
          objectId: objects.objectId,
          functionDeclaration: `function (...args) { return (${code})(this, ...args); }`,
          arguments: args.map((value) => ({ value })),
          returnByValue: true,
        });
        return valueOf(answer).value as never;
      }),
    close: () => socket.close(),
  };
}
