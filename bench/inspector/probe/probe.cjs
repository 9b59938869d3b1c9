/**
 * A preload (`node --require`) that remembers who created each timer, so that a leak can be traced to a line where V8
 * alone knows none: a promise that sleeps, or a loop over `timers/promises`. Plain JavaScript, for Node 20 and newer.
 *
 * It changes nothing that a program can see but the identity of the functions. What it keeps for a timer goes with the
 * timer. Asked over the inspector: `globalThis[Symbol.for('ssebench.probe')].siteOf(timer)`, and
 * `takeClearings()` and `runningTimers()` for the times at which timers were cleared, and how many were not; and for
 * `rememberedSleeps()`, since a loop that sleeps for ever must not fill the memory.
 */
'use strict';
const { AsyncResource } = require('node:async_hooks');
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');

const frames = 12;
/** Sleeps are swept when there are so many, and then when there are twice as many as were left. */
const fewSleeps = 1_000;

/** Every stack once: a server has few. */
const stacks = new Map();
/** Timer → the stack of its creation. */
const sites = new WeakMap();
/**
 * Promise timers keep their `Timeout` to themselves, but it has a number: the next one after what we drew just before.
 * Number → the stack, and what is alive for as long as the timer is.
 */
const sleeps = new Map();
let sweepAt = fewSleeps;

/** @param below the function of ours that was called: frames begin with its caller */
function stackHere(below) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const holder = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  const { stack } = holder;
  if (!stacks.has(stack)) stacks.set(stack, stack);
  return stacks.get(stack);
}

function sweep() {
  for (const [id, { alive }] of sleeps) if (alive.deref() === undefined) sleeps.delete(id);
  sweepAt = Math.max(fewSleeps, 2 * sleeps.size);
}

/** @param create makes a timer at once, and returns what lives as long as it does */
function rememberSleep(stack, create) {
  const id = new AsyncResource('ssebench').asyncId() + 1;
  const result = create();
  sleeps.set(id, { stack, alive: new WeakRef(result) });
  if (sleeps.size >= sweepAt) sweep();
  return result;
}

/** A function in the place of another, with all its properties; promisified, it is ours too. */
function inPlaceOf(original, wrapper) {
  const properties = Object.getOwnPropertyDescriptors(original);
  if (properties[promisify.custom])
    properties[promisify.custom] = { value: timersPromises.setTimeout, enumerable: true };
  return Object.defineProperties(wrapper, properties);
}

/** Stack → when the timers were cleared that were created there; the latest, so that memory has a bound. */
const clearings = new Map();
const keptClearings = 20_000;
/** Of those that repeat; the others end by themselves. */
let running = 0;

/** Who clears a timer by its number, or lets it fire, is not seen: an accessor on the timer would be, and cost each tick 7 %. */
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

/** Nanoseconds on the machine's clock, a list for each place of creation; from now on it begins anew. */
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
  // Its timer is made when the first value is asked for. A loop keeps this function, and calls it for each value.
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
  takeClearings,
  runningTimers: () => running,
  rememberedSleeps: () => sleeps.size,
};
