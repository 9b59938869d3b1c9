/**
 * This test starts no process, but the cases create real timers and the frameworks' own streams.
 */
import { expect, test } from 'vitest';
import { cases } from './cases.ts';

test.each(cases(1).map((each) => [`${each.group}, ${each.name}`, each] as const))(
  '%s: does the declared amount of work',
  async (_name, { run, amount }) => {
    expect(await run()).toBe(amount);
  },
);
