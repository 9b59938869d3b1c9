/** Ways to leave that need a network of their own: buffers that fill, and a network that fails without a word. */
import { describe, expect, test } from 'vitest';
import { catalog } from '../../servers/catalog.ts';
import { checkFile, foundOf } from '../fixtures/leaks.ts';
import { fixture } from '../fixtures/round.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/watch-children.ts';
import { whyNoOwnNetwork } from './network.ts';

nothingLeftRunning(watchChildren());

const nodeHttp = catalog['node-http']!.file;

describe.runIf(whyNoOwnNetwork({ kind: 'reference', file: nodeHttp, waitsForDrain: true }) === undefined)('in a network of its own', { timeout: 60_000 }, () => {
  test('who writes hears in the end that the network has failed, after the system’s three tries', async () => {
    const { modes } = await checkFile(nodeHttp, ['half-open']);
    expect(foundOf(modes)).toEqual({ 'half-open': 'clean' });
    expect(modes[0]!.cleanAfterMs).toBeGreaterThan(1_000);
  });

  test('who writes no more never does: the socket and all that waits for its close stay', async () => {
    const { modes: [found] } = await checkFile(fixture('says-little'), ['half-open'], { streams: 5 });
    expect(found!.leaks).toMatchObject([{ kind: 'socket', perDisconnect: 1, count: 15, disconnects: 15 }]);
    expect(found!.leaks[0]!.afterMs).toBeGreaterThan(15_000);
  });

  test('who waits for slow readers has a bound', async () => {
    const { modes } = await checkFile(nodeHttp, ['blocked', 'stop-reading']);
    expect(foundOf(modes)).toEqual({ blocked: 'clean', 'stop-reading': 'clean' });
    expect(modes[1]!.blockedKbPerStream).toBeGreaterThan(1);
    expect(modes[1]!.blockedKbPerStream).toBeLessThan(1_000);
  });

  test('who sends too little to be held up is not said to be clean', async () => {
    const { modes: [found] } = await checkFile(fixture('says-little'), ['stop-reading'], { patienceMs: 500 });
    expect(found!.skipped).toBe('its events did not fill the buffers between it and its clients within 0.5 s');
  });
});

test('what runs already cannot be put into one', () => {
  expect(whyNoOwnNetwork({ kind: 'process', pid: 1, url: 'http://127.0.0.1/' })).toBe('it runs already, and cannot be put into a network of its own');
  expect(whyNoOwnNetwork({ kind: 'command', command: ['x'], url: 'http://192.0.2.1/', readyWithinMs: 1 })).toContain('its URL is not at 127.0.0.1');
});
