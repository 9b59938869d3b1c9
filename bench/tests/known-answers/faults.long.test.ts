/**
 * Leaking servers: the check finds each in the modes in which it leaks and only in those, with its
 * source line.
 */
import { relative } from 'node:path';
import { describe, test } from 'vitest';
import { faults } from '../../../servers/faulty/catalog.ts';
import { checkFile, foundOf, shouldBe } from '../fixtures/helpers/leaks.ts';

describe.concurrent('a faulty server', () => {
  test.for(Object.entries(faults))(
    '%s is found in the modes where it leaks, and no others',
    { timeout: 300_000 },
    async ([, fault], { expect }) => {
      // `npm run controls` checks all modes, 20 times.
      const modes =
        fault.leaksIn === 'all'
          ? ['close', 'early']
          : ['close', ...new Set(['post', ...fault.leaksIn])];
      // In leaking modes every check waits for the deadline, so it is short. In clean modes a busy
      // machine needs time.
      const { modes: results } = await checkFile(
        fault.file,
        modes,
        fault.leaksIn === 'all' ? { streams: 5, deadlineMs: 300 } : {},
      );
      expect(foundOf(results, fault.perDisconnect !== null)).toEqual(
        shouldBe(fault, modes, relative('.', fault.file)),
      );
    },
  );
});

test('the Set that holds finished responses is named', async ({ expect }) => {
  const {
    modes: [found],
  } = await checkFile(faults['dead-responses']!.file, ['close']);
  expect(found!.leaks).toMatchObject([
    { kind: 'entry', what: expect.stringContaining('Set `audience`'), perDisconnect: 1 },
  ]);
});
