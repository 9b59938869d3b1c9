/** The settings that only a program can give: a signal, and functions to call. Pure. */
import { visibleValue } from './complaint.ts';

/**
 * Repeats the checks of the compiler for programs that are not type-checked.
 *
 * @param functions the names of settings that are functions
 */
export const whyNoCalls = (
  { signal, ...settings }: Readonly<Record<string, unknown>>,
  functions: readonly string[],
): string[] => [
  ...(signal === undefined || isSignal(signal)
    ? []
    : ['signal: must be an AbortSignal, such as AbortSignal.timeout(60_000)']),
  ...functions.flatMap((name) =>
    ['undefined', 'function'].includes(typeof settings[name])
      ? []
      : [`${name} ${visibleValue(settings[name])}: must be a function`],
  ),
];

/** A test runner may have a class of its own for signals. */
const isSignal = (value: unknown): value is AbortSignal =>
  typeof (value as AbortSignal | null)?.addEventListener === 'function';
