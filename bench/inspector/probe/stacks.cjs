/** Stacks of creations, for the probe: each distinct stack is kept once. */
'use strict';

const frames = 12;
/** A program that compiles code at run time can have any number. */
const mostStacks = 10_000;
const { captureStackTrace } = Error;

/** Each distinct stack once; a server has few. */
const stacks = new Map();
/** A program's own formatter of stacks can call functions that record stacks. */
let isCapturing = false;

/** Calls a function while a property of `Error` has another value, unless `Error` is frozen. */
function withError(name, value, call) {
  const isOwn = Object.hasOwn(Error, name);
  const before = Error[name];
  Reflect.set(Error, name, value);
  try {
    return call();
  } finally {
    if (isOwn) Reflect.set(Error, name, before);
    else Reflect.deleteProperty(Error, name);
  }
}

/** @returns a stack as text, or whatever the program's own `Error.prepareStackTrace` returns */
function capture(below) {
  const holder = {};
  captureStackTrace(holder, below);
  return holder.stack;
}

/** The program's formatter may know more places than V8. It may also throw, or return no text. */
function formatted(below) {
  try {
    const stack = capture(below);
    if (typeof stack === 'string') return stack;
  } catch {
    // formatted by V8 instead
  }
  return withError('prepareStackTrace', undefined, () => String(capture(below)));
}

/**
 * Never throws, because it runs inside functions that the program calls.
 *
 * @param below our function that was called; the frames begin with its caller
 * @param most number of frames; libraries above the program need more
 * @returns an empty text if there is no stack
 */
function stackHere(below, most = frames) {
  if (isCapturing) return '';
  isCapturing = true;
  try {
    const stack = withError('stackTraceLimit', most, () => formatted(below));
    const known = stacks.get(stack);
    if (known === undefined && stacks.size < mostStacks) stacks.set(stack, stack);
    return known ?? stack;
  } catch {
    return '';
  } finally {
    isCapturing = false;
  }
}

/** Replaces a function, and copies all its properties except the changed ones. */
const inPlaceOf = (original, wrapper, changed = {}) =>
  Object.defineProperties(wrapper, {
    ...Object.getOwnPropertyDescriptors(original),
    ...changed,
  });

module.exports = { stackHere, inPlaceOf, stacks };
