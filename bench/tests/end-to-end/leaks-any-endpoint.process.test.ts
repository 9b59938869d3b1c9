/** Endpoints that differ from a plain GET: other methods, compression, and a server that crashes. */
import { afterAll, describe, test } from 'vitest';
import { findLeaks, type LeaksSettings } from '../../index.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren(), () => [], afterAll);

/** A server with events does not need this time, however slow the machine is. */
const patience = '60s';
const small: LeaksSettings = { modes: ['close'], streams: 3, events: 1, patience };

/** The source of a server, with the function that answers a request. */
const server = (answer: string) => `
  const { createGzip, constants } = require('node:zlib');
  const streamTo = (req, res, flush) => {
    const zips = /gzip/.test(req.headers['accept-encoding'] ?? '') && flush !== undefined;
    const type = { 'Content-Type': 'text/event-stream' };
    res.writeHead(200, zips ? { ...type, 'Content-Encoding': 'gzip' } : type).flushHeaders();
    const out = zips ? createGzip({ flush }) : res;
    if (zips) out.pipe(res);
    const timer = setInterval(() => out.write('data: tick\\n\\n'), 20);
    res.on('close', () => { clearInterval(timer); if (zips) out.destroy(); });
  };
  require('node:http').createServer((req, res) => { ${answer} })
    .listen(Number(process.argv[1]), '127.0.0.1');`;

async function check(answer: string, settings: LeaksSettings = {}) {
  const port = await freePort();
  const command = [process.execPath, '-e', server(answer), String(port)];
  return findLeaks({ url: `http://127.0.0.1:${port}/`, command }, { ...small, ...settings });
}

describe.runIf(process.platform === 'linux').concurrent('a server', () => {
  test('that is silent for clients that accept compression is unexpected', async ({ expect }) => {
    const { state, unexpected, modes } = await check('streamTo(req, res, constants.Z_NO_FLUSH)', {
      patience: '2s',
    });
    expect({ state, unexpected }).toEqual({
      state: 'unexpected',
      unexpected: [
        'with Accept-Encoding: gzip, deflate, br, zstd, as browsers send it: no event arrived within 2 s. Events arrive without it. Do not compress text/event-stream, or flush after each event',
      ],
    });
    // Its clients do without compression, so its leaks can be found.
    expect(modes[0]).toMatchObject({ skipped: null, leaks: [], unexpected: [] });
  });

  test('that accepts only a POST, and compresses it, is checked with such streams', async ({
    expect,
  }) => {
    const onlyPost = `if (req.method !== 'POST') return res.writeHead(405).end();
      req.resume().on('end', () => streamTo(req, res, constants.Z_SYNC_FLUSH));`;
    const { state, modes } = await check(onlyPost, { body: { prompt: 'Hi' } });
    expect({ state, observed: modes.map(({ unexpected }) => unexpected) }).toEqual({
      state: 'clean',
      observed: [[]],
    });
  });

  test('that a disconnect crashes has died, with its mode and its output', async ({ expect }) => {
    const crash = `streamTo(req, res);
      const number = globalThis.streams = (globalThis.streams ?? 0) + 1;
      res.on('close', () => { if (number > 10) throw new Error('no session'); });`;
    const { state, reason, death } = await check(crash);
    expect({ state, death }).toMatchObject({ state: 'died', death: { modes: ['close'] } });
    expect(reason).toContain('Error: no session');
  });
});
