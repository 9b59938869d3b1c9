/** A session with the inspector of a Node process: asks V8 which objects are alive there. */
import { channelTo, channelWithin, type InspectorChannel } from './inspector-channel.ts';
import { sessionOver, valueOf, type RemoteAnswer } from './inspector-session.ts';
import { createHolderFinder, type Holder } from './holders.ts';
import { createPlaceFinder, type ScriptPlace } from './script-places.ts';
import { placeAsWritten } from './stack-place.ts';
import { callOnAllWithin, hasOwnSession } from './within-process.ts';

export interface Inspector {
  /**
   * Runs a function inside the process. It is sent as text, so it can use the globals of the
   * process and its arguments, but nothing of its module here. Arguments are JSON, or functions,
   * which are sent as text too.
   *
   * @returns its return value, as JSON
   */
  call<Result, Arguments extends unknown[]>(
    code: (...args: Arguments) => Result,
    ...args: Arguments
  ): Promise<Result>;
  /**
   * Runs a function on all live objects that inherit from the prototype, after a full garbage
   * collection.
   *
   * @param prototype an expression for the prototype
   */
  callOnAll<Result, Arguments extends unknown[]>(
    prototype: string,
    code: (objects: never[], ...args: Arguments) => Result,
    ...args: Arguments
  ): Promise<Result>;
  /**
   * The same in one step: the program runs no code between finding and counting. Uses some memory
   * of the process.
   */
  callOnAllAtOnce: Inspector['callOnAll'];
  /** Makes a full garbage collection. It takes a fifth of the time that finding objects takes. */
  collectGarbage(): Promise<void>;
  /**
   * Finds where functions are defined, and where generators wait.
   *
   * @param array an expression for an array of functions and generators
   * @returns one place for each; `undefined` for a function that is not JavaScript, or is bound, and
   * for a generator that has ended
   */
  placesOf(array: string): Promise<(ScriptPlace | undefined)[]>;
  /**
   * Finds which variables hold objects, with a snapshot of the heap.
   *
   * @param array an expression for an array of objects
   * @returns one holder for each; `undefined` if no variable holds it; none at all if the heap is too
   * large for a snapshot
   */
  holdersOf(array: string): Promise<(Holder | undefined)[]>;
  /** Resolves when the session is over, or after a short limit if the process does not answer. */
  close(): Promise<void>;
}

/** Opens a session with another process. */
export const openInspector = async (url: string): Promise<Inspector> =>
  inspectorOver(await channelTo(url));

/** Inspects the calling process and thread. */
export function ownInspector(): Inspector {
  const inspector = inspectorOver(channelWithin());
  return {
    ...inspector,
    placesOf: async (array) =>
      (await inspector.placesOf(array)).map((place) => place && placeAsWritten(place)),
  };
}

/** An argument as source text. */
const written = (argument: unknown): string =>
  typeof argument === 'function' ? `(${String(argument)})` : JSON.stringify(argument);

/** Wraps a call of our function in a function whose `this` is the array of objects. */
const declarationOf = (code: (...args: never[]) => unknown, args: readonly unknown[]) =>
  `function () { return (${code})(${['this', ...args.map(written)].join(', ')}); }`;

function inspectorOver(channel: InspectorChannel): Inspector {
  const session = sessionOver(channel);
  const { send, evaluate, refer, inGroup } = session;

  const call: Inspector['call'] = async (code, ...args) =>
    (await evaluate(`(${code})(${args.map(written).join(', ')})`)) as never;
  const callInSteps = (prototype: string, declaration: string) =>
    inGroup(async (objectGroup) => {
      const prototypeObjectId = await refer(prototype, objectGroup);
      const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', {
        prototypeObjectId,
        objectGroup,
      });
      const answer = await send<RemoteAnswer>('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: declaration,
        returnByValue: true,
      });
      return valueOf(answer).value;
    });
  let isInspectedWithin: Promise<boolean> | undefined;

  return {
    call,
    callOnAll: async (prototype, code, ...args) =>
      (await callInSteps(prototype, declarationOf(code, args))) as never,
    async callOnAllAtOnce(prototype, code, ...args) {
      const atOnce = await (isInspectedWithin ??= call(hasOwnSession));
      return (await (atOnce
        ? call(callOnAllWithin, prototype, declarationOf(code, args))
        : callInSteps(prototype, declarationOf(code, args)))) as never;
    },
    collectGarbage: async () => void (await send('HeapProfiler.collectGarbage')),
    placesOf: createPlaceFinder(session),
    holdersOf: createHolderFinder(session),
    close: channel.close,
  };
}
