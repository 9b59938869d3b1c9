/**
 * Disconnect modes that need their own network namespace: full buffers, and connections lost
 * without FIN or RST.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { checkFile, foundOf } from '../../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import { findLeaks } from '../../index.ts';
import { freePort } from '../../tests/fixtures/helpers/free-port.ts';
import { whyNoOwnNetwork } from './network.ts';

// The tests mostly wait for network timeouts, so they run concurrently. Leftover processes are
// checked at the end.
nothingLeftRunning(watchChildren(), () => [], afterAll);

/** A clean server does not need these limits, however slow the machine is. */
const patiently = { deadlineMs: 20_000, patienceMs: 60_000 };
const nodeHttp = catalog['node-http']!.file;

const canBeApart =
  whyNoOwnNetwork({ kind: 'reference', file: nodeHttp, waitsForDrain: true }) === undefined;
describe.runIf(canBeApart).concurrent('in a separate network namespace', () => {
  test('a server that writes notices the lost network after three retransmissions', async () => {
    const { modes } = await checkFile(nodeHttp, ['half-open'], patiently);
    expect(foundOf(modes)).toEqual({ 'half-open': 'clean' });
    expect(modes[0]!.cleanAfterMs).toBeGreaterThan(1_000);
  });

  test('a server with backpressure uses limited memory', async () => {
    const { modes } = await checkFile(nodeHttp, ['blocked', 'stop-reading'], patiently);
    expect(foundOf(modes)).toEqual({ blocked: 'clean', 'stop-reading': 'clean' });
    expect(modes[1]!.blockedKbPerStream).toBeGreaterThan(1);
    expect(modes[1]!.blockedKbPerStream).toBeLessThan(1_000);
  });

  test('a server that sends too little to block is skipped, not clean', async () => {
    const {
      modes: [found],
    } = await checkFile(fixture('silent-after-three'), ['stop-reading'], { patienceMs: 3_000 });
    expect(found!.skipped).toBe(
      'the server sent too little to fill the buffers of its clients within 3 s; allow more time with --patience',
    );
  });
});

describe.runIf(canBeApart).concurrent('a command', () => {
  /**
   * A server that depends on another server. It exits if the other is missing, or if there are too
   * many streams.
   */
  const code = `
    const { connect } = require('node:net');
    const [port, needs, most] = process.argv.slice(1).map(Number);
    let streams = 0;
    const server = require('node:http').createServer((req, res) => {
      if (++streams > most) process.exit(7);
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const write = () => { while (res.write('data: ' + 'x'.repeat(4096) + '\\n\\n')); };
      res.on('drain', write);
      write();
    });
    if (needs) connect(needs, '127.0.0.1').on('error', () => process.exit(3)).on('connect', () => server.listen(port, '127.0.0.1'));
    else server.listen(port, '127.0.0.1');`;
  const check = async (needs: number, most: number) => {
    const port = await freePort();
    const app = {
      url: `http://127.0.0.1:${port}/`,
      command: [process.execPath, '-e', code, String(port), String(needs), String(most)],
    };
    return findLeaks(app, { modes: ['blocked', 'half-open'], streams: 5 });
  };

  test('that needs a service outside the namespace is tried without one, or skipped with the reason', async () => {
    const origin = createServer().listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const {
      state,
      modes: [blocked, halfOpen],
    } = await check((origin.address() as AddressInfo).port, Infinity);
    origin.close();
    expect(state).toBe('not tested');
    expect(blocked).toMatchObject({ skipped: null, disconnects: 15, leaks: [] });
    expect(halfOpen!.skipped).toMatch(/^in a separate network namespace: [^]* ended: exit code 3$/);
  });

  test('that ends in the namespace has died, and its mode is not skipped', async () => {
    const { state, reason } = await check(0, 20);
    expect({ state, reason }).toEqual({
      state: 'died',
      reason: expect.stringContaining('ended: exit code 7'),
    });
  });
});

test('a running server and a remote URL cannot use a separate network namespace', () => {
  expect(whyNoOwnNetwork({ kind: 'process', pid: 1, url: 'http://127.0.0.1/' })).toBe(
    'this mode needs a separate network namespace, and a running server cannot move into one; let ssebench start it, with -- and its command',
  );
  expect(
    whyNoOwnNetwork({
      kind: 'command',
      command: ['x'],
      url: 'http://192.0.2.1/',
      cwd: null,
      env: {},
      readyWhen: null,
      readyWithinMs: 1,
    }),
  ).toContain('use a URL on 127.0.0.1');
});
