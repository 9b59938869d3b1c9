/**
 * Where a function of this very process is written. What compiles a program while it runs, such as a test runner, tells V8
 * nothing of its source maps, but has a hand in how stacks are written: so a stack with one frame is written, and read.
 */
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from './script-places.ts';
import { placeInFrame } from './stack-frame.ts';

/** @returns the same place where nobody knows better */
export function placeAsWritten(place: ScriptPlace): ScriptPlace {
  const { prepareStackTrace } = Error;
  if (prepareStackTrace === undefined || !place.url.startsWith('file:')) return place;
  try {
    const lines = String(prepareStackTrace(new Error('where'), [callSiteAt(place)])).split('\n');
    return lines.map(placeInFrame).find((found) => found !== undefined) ?? place;
  } catch {
    return place; // whoever writes stacks wants more of a frame than there is
  }
}

/** What a stack is written from: V8's stack trace API. Its methods stand in the prototype, where they are looked for. */
function callSiteAt({ url, line, column }: ScriptPlace): NodeJS.CallSite {
  const file = fileURLToPath(url);
  const no = () => false;
  const nothing = () => null;
  const prototype = {
    getFileName: () => file,
    getScriptNameOrSourceURL: () => file,
    getScriptHash: () => '',
    getLineNumber: () => line,
    getColumnNumber: () => column,
    getEnclosingLineNumber: () => line,
    getEnclosingColumnNumber: () => column,
    getPosition: () => 0,
    getThis: () => undefined,
    getFunction: () => undefined,
    getTypeName: nothing,
    getFunctionName: nothing,
    getMethodName: nothing,
    getEvalOrigin: () => undefined,
    getPromiseIndex: nothing,
    isNative: no,
    isToplevel: () => true,
    isConstructor: no,
    isEval: no,
    isAsync: no,
    isPromiseAll: no,
    toString: () => `${file}:${line}:${column}`,
  };
  return Object.create(prototype) as NodeJS.CallSite;
}
