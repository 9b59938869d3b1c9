import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const address = (file: string) => new URL(file, import.meta.url).href;

/**
 * V8 keeps an object of each native class that Node has never initialized, and finds it with all
 * others. A native method or getter of such an object ends the process.
 */
const program = `
  import { ownInspector } from '${address('../../inspector/inspect.ts')}';
  import { inspectFromInside } from '${address('inspection.ts')}';
  import { spawn } from 'node:child_process';
  import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
  import dgram from 'node:dgram';
  import { Resolver } from 'node:dns';
  import fs from 'node:fs';
  import { open } from 'node:fs/promises';
  import http2 from 'node:http2';
  import net from 'node:net';
  import { monitorEventLoopDelay, createHistogram } from 'node:perf_hooks';
  import tls from 'node:tls';
  import vm from 'node:vm';
  import { BroadcastChannel, MessageChannel, Worker } from 'node:worker_threads';
  import zlib from 'node:zlib';

  const file = process.execPath;
  const create = {
    files: () => open(file),
    ports: () => new MessageChannel(),
    channels: () => new BroadcastChannel('a'),
    threads: () => new Worker('setInterval(() => {}, 1000)', { eval: true }),
    clones: () => structuredClone(new MessageChannel().port1, { transfer: [] }, 0),
    watchers: () => fs.watch('.'),
    polls: () => fs.watchFile(file, () => {}),
    children: () => spawn('sleep', ['60']),
    streams: () => fs.createReadStream(file),
    sockets: () => net.connect(server.address().port, '127.0.0.1'),
    sessions: () => http2.connect('http://127.0.0.1:' + server.address().port).on('error', () => {}),
    datagrams: () => dgram.createSocket('udp4'),
    contexts: () => tls.createSecureContext(),
    secure: () => new tls.TLSSocket(new net.Socket()),
    hashes: () => [createHash('sha1'), createHmac('sha1', 'a'), generateKeyPairSync('ed25519')],
    packers: () => [zlib.createGzip(), zlib.createBrotliCompress()],
    scripts: () => [new vm.Script('1'), vm.createContext({})],
    resolvers: () => new Resolver(),
    histograms: () => [createHistogram(), monitorEventLoopDelay()],
    signals: () => AbortSignal.timeout(60_000),
    blocks: () => new net.BlockList(),
    web: () => [new Blob(['a']), new CompressionStream('gzip'), new URLPattern({})],
    requests: () => fetch('http://127.0.0.1:' + server.address().port).catch(() => {}),
  };
  const server = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const held = [];
  const inspection = inspectFromInside(ownInspector(), process.pid, false);
  const rooms = new Map();
  const enter = () => rooms.set(rooms.size, {});
  for (let round = 0; round < 2; round++) {
    for (const make of Object.values(create)) {
      try {
        const made = make();
        held.push(made instanceof Promise && make !== create.requests ? await made : made);
      } catch {} // unknown to this version of Node
    }
    for (let n = 0; n < 13; n++) enter();
    await inspection.take();
    await inspection.keepersOfResponses();
  }
  const counts = await inspection.take();
  const entries = counts.find(({ kind, count }) => kind === 'entry' && count === 13);
  const named = await inspection.named(entries ? [entries] : []);
  await inspection.end();
  const left = Object.getOwnPropertySymbols(globalThis).filter((symbol) =>
    String(symbol).includes('ssebench.'),
  ).length;
  const kinds = [...new Set(counts.filter(({ count }) => count > 0).map(({ kind }) => kind))];
  for (const child of held) if (child?.spawnfile) child.kill('SIGKILL');
  console.log(JSON.stringify({ kinds, names: named.map(({ what }) => what), left }));
  process.exit();
`;

test('an inspection survives every native class of Node, and leaves nothing behind', async () => {
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const { kinds, names, left } = JSON.parse((await run).stdout);
  expect(kinds).toEqual(expect.arrayContaining(['port', 'thread', 'process', 'watcher', 'entry']));
  expect(names).toEqual([expect.stringContaining('`rooms`')]);
  expect(left).toBe(0);
});
