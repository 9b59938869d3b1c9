import { expect, test } from 'vitest';
import { otherServer } from './own-process.ts';

test('a process that serves instead of the measured server is reported', () => {
  expect(otherServer([7, 8], true)).toBe(
    'process 7, which is not part of the measured server; give its pid (--pid 7), or the command that starts it',
  );
  // The client of a container engine has started the server of a container, but is not it.
  expect(otherServer([], true)).toContain('a process of another user, such as a container');
  expect(otherServer([], false)).toBeUndefined();
});
