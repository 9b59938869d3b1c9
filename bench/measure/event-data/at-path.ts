/** Finds the value of an event at a JMESPath, and reads it as a number. */
import { compile, TreeInterpreter, type JSONValue } from '@jmespath-community/jmespath';
import { eventFields } from '../../scenario/event-options.ts';

/** Whether a path needs the data of an event as JSON. */
export const isIntoData = (path: string | null): boolean =>
  path !== null && !eventFields.some((field) => field === path);

/** Takes the parsed data and both fields. @returns the value; nothing if the data is not JSON */
export type Search = (json: unknown, id: string | undefined, name: string | undefined) => unknown;

/** @param path a JMESPath, or `id` or `event` */
export function searchFor(path: string): Search {
  if (path === 'id') return (_json, id) => id;
  if (path === 'event') return (_json, _id, name) => name;
  const compiled = compile(path);
  return (json) => {
    if (json === undefined) return undefined;
    try {
      return TreeInterpreter.search(compiled, json as JSONValue);
    } catch {
      return undefined; // a function that does not accept the type of this event's value
    }
  };
}

/** @returns the value of JSON data; `undefined` for any other text */
export function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/**
 * Larger numbers keep their last 52 bits. The audit uses only the distances between numbers, which
 * stay the same.
 */
const keptBits = 52;

/** @returns a whole number, also if it is a text; `undefined` for any other value */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,40}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Number(BigInt.asUintN(keptBits, BigInt(value)));
}
