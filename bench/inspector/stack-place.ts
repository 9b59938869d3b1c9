/**
 * Finds where a function of this process is written in its source. A tool that compiles programs at
 * run time, such as a test runner, does not report its source maps to V8. But it changes how stacks
 * are formatted. So this formats a stack with one frame, and reads the result.
 */
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from './script-places.ts';
import { placeInFrame } from './stack-frame.ts';

/** @returns the same place if the formatter finds no other */
export function placeAsWritten(place: ScriptPlace): ScriptPlace {
  const { prepareStackTrace } = Error;
  if (prepareStackTrace === undefined || !place.url.startsWith('file:')) return place;
  try {
    const lines = String(prepareStackTrace(new Error('where'), [callSiteAt(place)])).split('\n');
    return lines.map(placeInFrame).find((found) => found !== undefined) ?? place;
  } catch {
    return place; // the formatter needs more than this frame has
  }
}

/**
 * A frame for the formatter: V8's stack trace API. Its methods are on the prototype, because
 * formatters look for them there.
 */
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
