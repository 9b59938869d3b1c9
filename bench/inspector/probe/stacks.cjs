/** Stacks of creations, for the probe: each distinct stack is kept once. */
'use strict';

const frames = 12;

/** Each distinct stack once; a server has few. */
const stacks = new Map();

/**
 * @param below our function that was called; the frames begin with its caller
 * @param most number of frames; libraries above the program need more
 */
function stackHere(below, most = frames) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = most;
  const holder = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  const { stack } = holder;
  if (!stacks.has(stack)) stacks.set(stack, stack);
  return stacks.get(stack);
}

/** Replaces a function, and copies all its properties except the changed ones. */
const inPlaceOf = (original, wrapper, changed = {}) =>
  Object.defineProperties(wrapper, {
    ...Object.getOwnPropertyDescriptors(original),
    ...changed,
  });

module.exports = { stackHere, inPlaceOf, stacks };
