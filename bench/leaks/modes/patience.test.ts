import { expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { searchSimulated } from '../../tests/fixtures/helpers/simulated-check.ts';

/** The modes in which a client waits 2 s for events. */
const waiting = ['close', 'reset', 'post', 'kill'];

async function unexpectedIn(slowestMs: number) {
  const { modes } = await searchSimulated({ slowestMs }, randomFrom(1));
  return modes.filter(({ unexpected }) => unexpected.length > 0).map(({ mode }) => mode);
}

test.each<[string, number, string[]]>([
  ['a client that is in time', 1_000, []],
  ['a client that is slow on a busy machine', 8_000, []],
  ['a client that never receives its events', Infinity, waiting],
])('%s', async (_what, slowestMs, modes) => {
  expect(await unexpectedIn(slowestMs)).toEqual(modes);
});
