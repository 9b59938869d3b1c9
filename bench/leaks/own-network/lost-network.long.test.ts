/** A lost network that the server never notices: its connections stay open for minutes. */
import { afterAll, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { checkFile } from '../../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import { whyNoOwnNetwork } from './network.ts';

nothingLeftRunning(watchChildren(), () => [], afterAll);

const nodeHttp = { file: catalog['node-http']!.file, waitsForDrain: true };
const canBeApart = whyNoOwnNetwork({ kind: 'reference', ...nodeHttp }) === undefined;

test.runIf(canBeApart)('a server that does not write leaks its sockets', async () => {
  const {
    modes: [found],
  } = await checkFile(fixture('silent-after-three'), ['half-open'], { streams: 5 });
  expect(found!.leaks).toMatchObject([
    { kind: 'socket', perDisconnect: 1, count: 15, disconnects: 15 },
  ]);
  expect(found!.leaks[0]!.afterMs).toBeGreaterThan(15_000);
});
