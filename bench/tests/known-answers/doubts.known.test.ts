/**
 * Deliberately invalid measurements, which the harness must detect. `npm run doubts` repeats each
 * 20 times.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { causes, isFoundBy } from '../fixtures/helpers/causes.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { placement } from '../../system/cores.ts';

nothingLeftRunning(watchChildren());

const canMakeNetworks =
  spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
const [healthy] = causes;
const spoiled = causes.filter(({ check }) => check !== undefined);

describe.skipIf(placement() === undefined)('a round', () => {
  // An instrument that gives false alarms is always wrong; a machine may be busy now and then.
  test('a healthy round raises no doubt', { retry: 8, timeout: 60_000 }, async ({ skip }) => {
    const result = await healthy!.measure();
    const doubts =
      result.state === 'failed' ? [result.message] : result.doubts.map(({ finding }) => finding);
    skip(
      isFoundBy('stolen time', result),
      'the host took cores from this machine, so it is not healthy',
    );
    expect(doubts).toEqual([]);
  });

  // On a busy machine a cause may come too late; a broken instrument never finds it.
  test.each(spoiled.filter(({ check }) => check !== 'ports' || canMakeNetworks))(
    'the check “$check” finds $what',
    { retry: 5, timeout: 60_000 },
    async ({ check, measure }) => {
      const result = await measure();
      const found =
        result.state === 'failed'
          ? result.message
          : result.doubts.map(({ finding }) => finding).join('; ');
      expect({ found, isFound: isFoundBy(check!, result) }).toEqual({ found, isFound: true });
    },
  );
});
