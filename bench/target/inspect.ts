/** A session with the inspector of a Node process: asks V8 what is alive in there. */
import { pathToFileURL } from 'node:url';
import { placeAsWritten } from './stack-place.ts';
import { callOnAllWithin, hasOwnSession } from './within-process.ts';
import { channelTo, channelWithin, type InspectorChannel } from './inspector-channel.ts';

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
  /** The same as one step: nothing of the program runs between finding and counting. Takes some of the process's memory. */
  callOnAllAtOnce: Inspector['callOnAll'];
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
  /** Where the script says that its source map is, if it is known to say so: a URL, or a path from its own. */
  sourceMap?: string;
}

/** Closes the inspector of a process from inside, since an open one is a door: a little later, so that it can still answer. */
export async function closeOwnInspector(inspector: Inspector): Promise<void> {
  await inspector.call(() => {
    // Below Node 20.16 there is only the `require` of the console.
    const { close } = process.getBuiltinModule?.('node:inspector') ?? require('node:inspector');
    setTimeout(close, 50).unref();
  });
}

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

/** Opens a session with another process. */
export const openInspector = async (url: string): Promise<Inspector> => inspectorOver(await channelTo(url));

/** Looks into the process, and the thread, that calls. */
export function ownInspector(): Inspector {
  const inspector = inspectorOver(channelWithin());
  return { ...inspector, placesOf: async (array) => (await inspector.placesOf(array)).map((place) => place && placeAsWritten(place)) };
}

/** A function of ours as one whose `this` is the array of objects. */
const declarationOf = (code: (...args: never[]) => unknown) => `function (...args) { return (${code})(this, ...args); }`;

function inspectorOver({ send, onScript, close }: InspectorChannel): Inspector {
  const scripts = new Map<string, { url: string; sourceMapURL?: string | undefined }>();
  onScript((script) => scripts.set(script.scriptId, script));

  function valueOf({ result, exceptionDetails }: RemoteValue) {
    if (exceptionDetails) throw new Error(`inspector: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result;
  }
  const evaluate = async (expression: string, returnByValue: boolean, objectGroup: string) =>
    valueOf(await send<RemoteValue>('Runtime.evaluate', { expression, returnByValue, objectGroup, includeCommandLineAPI: true }));

  const call: Inspector['call'] = async (code, ...args) => {
    const list = args.map((argument) => JSON.stringify(argument)).join(', ');
    return (await evaluate(`(${code})(${list})`, true, keptGroup)).value as never;
  };

  let isAskedWithin: Promise<boolean> | undefined;
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

  const callInSteps = (prototype: string, declaration: string, args: unknown[]) =>
    inGroup(async (objectGroup) => {
      const { objectId } = await evaluate(prototype, false, objectGroup);
      const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', { prototypeObjectId: objectId, objectGroup });
      const answer = await send<RemoteValue>('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: declaration,
        arguments: args.map((value) => ({ value })),
        returnByValue: true,
      });
      return valueOf(answer).value;
    });

  const propertiesOf = (objectId: string) =>
    send<{ result: Property[]; internalProperties?: Property[] }>('Runtime.getProperties', { objectId, ownProperties: true });

  async function placeOf(objectId: string | undefined): Promise<ScriptPlace | undefined> {
    if (objectId === undefined) return undefined;
    const { internalProperties = [] } = await propertiesOf(objectId);
    const found = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    if (!found) return undefined;
    const { scriptId, lineNumber, columnNumber } = found as { scriptId: string; lineNumber: number; columnNumber: number };
    const { url, sourceMapURL } = scripts.get(scriptId) ?? { url: '' };
    return {
      url: url.startsWith('/') ? pathToFileURL(url).href : url,
      line: lineNumber + 1,
      column: columnNumber + 1,
      ...(sourceMapURL && { sourceMap: sourceMapURL }),
    };
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
    call,
    callOnAll: async (prototype, code, ...args) => (await callInSteps(prototype, declarationOf(code), args)) as never,
    async callOnAllAtOnce(prototype, code, ...args) {
      const atOnce = await (isAskedWithin ??= call(hasOwnSession));
      return (await (atOnce ? call(callOnAllWithin, prototype, declarationOf(code), args) : callInSteps(prototype, declarationOf(code), args))) as never;
    },
    close,
  };
}
