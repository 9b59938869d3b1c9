/**
 * Leaking servers: the check finds each in the modes in which it leaks and only in those, with its
 * source line.
 */
import { relative } from 'node:path';
import { describe, test } from 'vitest';
import { faults, type Fault } from '../../../servers/faulty/catalog.ts';
import { checkFile, foundOf, shouldBe } from '../fixtures/helpers/leaks.ts';

/**
 * One of the servers that leak in every mode is tried in a second one. `npm run controls` tries all
 * modes of all servers, 20 times.
 */
function modesOf(name: string, { leaksIn }: Fault): string[] {
  if (leaksIn !== 'all') return ['close', ...new Set(['post', ...leaksIn])];
  return name === 'never-cleared' ? ['close', 'early'] : ['close'];
}

/**
 * Servers that differ from another one only in their library, or that take minutes. `npm run
 * controls` checks them too.
 */
const onlyAmongControls = new Set([
  'unrefed',
  'body-read-first',
  'hono-loop',
  'no-cancel',
  'koa-passthrough',
  'fastify-sse-v2',
  'promise-loop',
  'endless-fetch',
  'slow-queue',
]);
const servers = Object.entries(faults).filter(([name]) => !onlyAmongControls.has(name));

describe.concurrent('a faulty server', () => {
  test.for(servers)(
    '%s is found in the modes where it leaks, and no others',
    { timeout: 300_000 },
    async ([name, fault], { expect }) => {
      const modes = modesOf(name, fault);
      // In leaking modes every check waits for the deadline, so it is short. In clean modes a busy
      // machine needs time.
      const { modes: results } = await checkFile(fault.file, modes, {
        ...(fault.leaksIn === 'all' && { streams: 5, deadlineMs: 300 }),
        // A busy machine slows down the server and its queue.
        ...(fault.kind === 'memory' && { patienceMs: 200_000 }),
      });
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
