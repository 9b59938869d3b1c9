/**
 * A preload (`node --require`) that records the creator of each timer, and of what `creators.cjs`
 * lists. With it, ssebench can trace a leak to a line even if V8 alone cannot: a sleeping promise, or
 * a loop over `timers/promises`. Plain JavaScript, for Node 20 and newer.
 *
 * A program can notice no change except the identity of the functions. The record of a timer is
 * released with the timer. ssebench reads it over the inspector, from
 * `globalThis[Symbol.for('ssebench.probe')]`:
 *
 * - `siteOf(timer)` returns the stack of its creation, and `creatorOf(object)` that of other objects.
 * - `collections()` returns the collections of the probe itself.
 * - `openFiles()` returns the numbers of files that are open, with their stacks.
 * - `takeClearings()` returns when timers were cleared, and `runningTimers()` how many were not.
 * - `rememberedSleeps()` returns the number of recorded sleeps. A loop that sleeps forever must not
 *   fill the memory.
 */
'use strict';
const { AsyncResource } = require('node:async_hooks');
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');
const { creatorOf, openFiles, collections: creatorsOwn } = require('./creators.cjs');
const stacks = require('./stacks.cjs');

const { stackHere } = stacks;

/**
 * Sweep at this number of sleeps, and then each time twice as many as remained have accumulated.
 */
const fewSleeps = 1_000;

/** Timer → the stack of its creation. */
const sites = new WeakMap();
/**
 * Promise timers hide their `Timeout`, but its async id is the one after the id we drew just
 * before. Async id → the stack, and an object that lives as long as the timer.
 */
const sleeps = new Map();
let sweepAt = fewSleeps;

function sweep() {
  for (const [id, { alive }] of sleeps) if (alive.deref() === undefined) sleeps.delete(id);
  sweepAt = Math.max(fewSleeps, 2 * sleeps.size);
}

/** @param create makes a timer at once, and returns an object that lives as long as the timer */
function rememberSleep(stack, create) {
  const id = new AsyncResource('ssebench').asyncId() + 1;
  const result = create();
  sleeps.set(id, { stack, alive: new WeakRef(result) });
  if (sleeps.size >= sweepAt) sweep();
  return result;
}

/** The promisified form of a timer function is ours too. */
const inPlaceOf = (original, wrapper) =>
  stacks.inPlaceOf(
    original,
    wrapper,
    original[promisify.custom] && {
      [promisify.custom]: { value: timersPromises.setTimeout, enumerable: true },
    },
  );

/**
 * Stack → when timers created there were cleared. Each list has a maximum length, so that memory is
 * limited.
 */
const clearings = new Map();
const keptClearings = 20_000;
/** Counts only timers that repeat; the others end by themselves. */
let running = 0;

/**
 * Does not notice a timer that fires, or that is cleared by its number. An accessor on the timer
 * would, but would make each tick 7 % slower.
 */
function noteClearing(timer) {
  const stack =
    typeof timer === 'object' && timer !== null && !timer._destroyed ? sites.get(timer) : undefined;
  if (stack === undefined) return;
  if (timer._repeat !== null) running--;
  const times = clearings.get(stack) ?? clearings.set(stack, []).get(stack);
  if (times.length < keptClearings) times.push(Number(process.hrtime.bigint()));
}

function wrapTimer(original) {
  return inPlaceOf(original, function wrapped(...args) {
    const timer = Reflect.apply(original, this, args);
    sites.set(timer, stackHere(wrapped));
    if (timer._repeat !== null) running++;
    return timer;
  });
}

function wrapClear(original) {
  return inPlaceOf(original, function wrapped(timer) {
    noteClearing(timer);
    return Reflect.apply(original, this, [timer]);
  });
}

/** Nanoseconds on the machine's clock, one list for each place of creation. Empties the lists. */
function takeClearings() {
  const lists = [...clearings.values()];
  clearings.clear();
  return lists;
}

const sleep = timersPromises.setTimeout;
const every = timersPromises.setInterval;

timersPromises.setTimeout = inPlaceOf(sleep, function wrapped(...args) {
  return rememberSleep(stackHere(wrapped), () => Reflect.apply(sleep, this, args));
});
timersPromises.setInterval = inPlaceOf(every, function wrapped(...args) {
  const stack = stackHere(wrapped);
  const iterator = Reflect.apply(every, this, args);
  const { next } = iterator;
  let isRunning = false;
  // The first request for a value creates the timer. A loop keeps this function and calls it for
  // each value.
  iterator.next = (...values) => {
    const ask = () => Reflect.apply(next, iterator, values);
    if (isRunning) return ask();
    isRunning = true;
    let first;
    rememberSleep(stack, () => {
      first = ask();
      return iterator;
    });
    return first;
  };
  return iterator;
});

for (const name of ['setTimeout', 'setInterval']) {
  timers[name] = wrapTimer(timers[name]);
  globalThis[name] = timers[name];
}
for (const name of ['clearTimeout', 'clearInterval']) {
  timers[name] = wrapClear(timers[name]);
  globalThis[name] = timers[name];
}
const { prototype } = timers.setTimeout(() => {}, 0).unref().constructor;
for (const name of ['close', Symbol.dispose]) {
  const original = prototype[name];
  if (original === undefined) continue;
  prototype[name] = function wrapped() {
    noteClearing(this);
    return Reflect.apply(original, this, []);
  };
}
syncBuiltinESMExports();

function siteOf(timer) {
  const known = sites.get(timer);
  if (known !== undefined) return known;
  const asyncId = Object.getOwnPropertySymbols(timer).find(
    ({ description }) => description === 'asyncId',
  );
  return sleeps.get(timer[asyncId])?.stack;
}

globalThis[Symbol.for('ssebench.probe')] = {
  siteOf,
  creatorOf,
  openFiles,
  collections: () => [...creatorsOwn(), stacks.stacks, sleeps, clearings, ...clearings.values()],
  takeClearings,
  runningTimers: () => running,
  rememberedSleeps: () => sleeps.size,
};
