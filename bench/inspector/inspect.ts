/** A session with the inspector of a Node process: asks V8 what is alive in there. */
import { channelTo, channelWithin, type InspectorChannel } from './inspector-channel.ts';
import { sessionOver, valueOf, type RemoteAnswer } from './inspector-session.ts';
import { createPlaceFinder, type ScriptPlace } from './script-places.ts';
import { placeAsWritten } from './stack-place.ts';
import { callOnAllWithin, hasOwnSession } from './within-process.ts';

export interface Inspector {
  /**
   * Runs a function inside the process. It is sent as text: it sees the globals of the process, its
   * arguments, and nothing of its surroundings here. Its arguments are JSON, or functions, which are sent as text too.
   *
   * @returns what it returns, as JSON
   */
  call<Result, Arguments extends unknown[]>(
    code: (...args: Arguments) => Result,
    ...args: Arguments
  ): Promise<Result>;
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
  /** Resolves when the session is over, or soon if the process does not answer. */
  close(): Promise<void>;
}

/** Opens a session with another process. */
export const openInspector = async (url: string): Promise<Inspector> =>
  inspectorOver(await channelTo(url));

/** Looks into the process, and the thread, that calls. */
export function ownInspector(): Inspector {
  const inspector = inspectorOver(channelWithin());
  return {
    ...inspector,
    placesOf: async (array) =>
      (await inspector.placesOf(array)).map((place) => place && placeAsWritten(place)),
  };
}

/** An argument as it stands in a call. */
const written = (argument: unknown): string =>
  typeof argument === 'function' ? `(${String(argument)})` : JSON.stringify(argument);

/** A call of a function of ours as a function whose `this` is the array of objects. */
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
  let isAskedWithin: Promise<boolean> | undefined;

  return {
    call,
    callOnAll: async (prototype, code, ...args) =>
      (await callInSteps(prototype, declarationOf(code, args))) as never,
    async callOnAllAtOnce(prototype, code, ...args) {
      const atOnce = await (isAskedWithin ??= call(hasOwnSession));
      return (await (atOnce
        ? call(callOnAllWithin, prototype, declarationOf(code, args))
        : callInSteps(prototype, declarationOf(code, args)))) as never;
    },
    placesOf: createPlaceFinder(session),
    close: channel.close,
  };
}
