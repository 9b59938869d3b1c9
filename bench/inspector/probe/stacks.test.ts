import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';

const { stackHere } = createRequire(import.meta.url)('./stacks.cjs') as {
  stackHere(below?: object, most?: number): string;
};
const { prepareStackTrace, stackTraceLimit } = Error;

afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
});

test('a stack begins with the caller of the recorded function', () => {
  function recorded() {
    return stackHere(recorded);
  }
  function caller() {
    return recorded();
  }
  expect(caller()).toMatch(/^[^\n]*\n +at caller /);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('theirs');
    },
  ],
  ['returns no text', (_error: Error, sites: object[]) => sites],
  ['records a stack itself', () => stackHere()],
])('a formatter of the program that %s changes nothing', (_what, format) => {
  Error.prepareStackTrace = format;
  expect(typeof stackHere()).toBe('string');
  expect(Error.prepareStackTrace).toBe(format);
});

test('the limit of the program stays', () => {
  Error.stackTraceLimit = 3;
  stackHere();
  expect(Error.stackTraceLimit).toBe(3);
  Reflect.deleteProperty(Error, 'stackTraceLimit');
  expect(stackHere()).toContain('stacks.test.ts');
  expect(Object.hasOwn(Error, 'stackTraceLimit')).toBe(false);
});
