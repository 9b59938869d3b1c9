/**
 * Rounds of a user's own server, started by its command or already running, in Node and in another
 * language. Each server holds or releases a known number of things.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Load } from '../../scenario/kinds/kinds.ts';
import type { ShutdownOutcome } from '../../scenario/kinds/shutdown.ts';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import type { OwnProcess, UrlUnderTest } from '../../scenario/scenario.ts';
import { identityOfChild } from '../../system/launch.ts';
import { isAlive, processesFrom } from '../../system/processes.ts';
import { watchTree } from '../../system/process-tree.ts';
import { portsOf } from '../../system/sockets.ts';
import { freePort, inspectorAnywhere } from '../../tests/fixtures/helpers/free-port.ts';
import { figuresOf, fixture, measured, measureOnce } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren(), () => [], afterAll);

const streams = 40;
/** Long enough for all streams to open, also on a busy machine. */
const steady = { streams, quietStreams: 0, rampMs: 200, warmUpMs: 5_000, durationMs: 600 };
const node = [process.execPath, fixture('own')] as const;

const hasPython = spawnSync('python3', ['-V']).status === 0;

interface Own {
  query?: string;
  command?: readonly [string, ...string[]];
  env?: Record<string, string>;
  process?: Partial<Extract<OwnProcess, { kind: 'command' }>>;
  request?: Partial<RequestOptions>;
}

async function ownServer({
  query = '',
  command = node,
  env,
  process,
  request,
}: Own): Promise<UrlUnderTest> {
  const port = String(await freePort());
  return {
    kind: 'url',
    name: 'own',
    url: `http://127.0.0.1:${port}/?every=50${query}`,
    intervalMs: 50,
    request: { ...plainRequest, ...request },
    process: {
      kind: 'command',
      command,
      cwd: null,
      env: { PORT: port, ...env },
      readyWhen: null,
      readyWithinMs: 20_000,
      ...process,
    },
  };
}

const measureOwn = async (own: Own, load: Load = { kind: 'steady' }, durationMs = 600) =>
  (await measureOnce(await ownServer(own), { scenario: { ...steady, load, durationMs } })).result;

const aNumber = expect.any(Number) as number;
/** Its CPU time and its memory are known. On a busy machine it may have sent no event. */
const measuredFromInside = {
  inspection: 'inspector',
  why: '',
  cpuNs: aNumber,
  before: { heapBytes: aNumber, rssBytes: aNumber },
  loaded: { heapBytes: aNumber, rssBytes: aNumber },
};

describe.runIf(process.platform === 'linux')('a round of an own server', () => {
  test.concurrent('clears the timers of its streams 300 ms after their end', async () => {
    const result = await measureOwn({
      query: '&clears=300',
      command: ['node', './own.ts'],
      process: { cwd: dirname(fixture('own')), readyWhen: 'server: ready' },
    });
    expect(measured(result).process).toMatchObject(measuredFromInside);
    const figures = figuresOf(result);
    expect(figures).toMatchObject({ 'held-timers': 0, 'held-sockets': 0 });
    expect(figures['release.p50']).toBeGreaterThanOrEqual(300);
  });

  test.concurrent('waits for timers that fire once more after the disconnect', async () => {
    const result = await measureOwn({ query: '&pings=2000' });
    expect(measured(result).process).toMatchObject(measuredFromInside);
    expect(figuresOf(result)).toMatchObject({ 'held-timers': 0 });
  });

  test.concurrent('a cluster with two workers that never clears timers', async () => {
    const result = await measureOwn({ query: '&clears=never', env: { WORKERS: '2' } });
    const { process, counts } = measured(result);
    expect(process).toMatchObject({ ...measuredFromInside, held: { timers: counts.opened } });
    expect(counts.opened).toBeGreaterThan(streams / 2);
  });

  test.concurrent('a pool of connections with timers belongs to no stream', async () => {
    const upstream = createServer((_request, response) => void response.end());
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    const { port } = upstream.address() as AddressInfo;
    const result = await measureOwn({ env: { UPSTREAM: `http://127.0.0.1:${port}` } });
    expect(figuresOf(result)).toMatchObject({ 'held-timers': 0, 'held-sockets': 0 });
    expect(measured(result).process!.descriptors!.open).toBeGreaterThan(streams + 30);
    upstream.close();
    upstream.closeAllConnections();
  });

  test.concurrent('a server on a Unix socket', async () => {
    const socketPath = join(tmpdir(), `ssebench-own-${process.pid}.sock`);
    const result = await measureOwn({
      query: '&clears=100',
      env: { SOCKET: socketPath },
      request: { socketPath },
    });
    expect(measured(result).process).toMatchObject(measuredFromInside);
    const figures = figuresOf(result);
    expect(figures).toMatchObject({ 'held-timers': 0, 'held-sockets': 0 });
    expect(figures['release.p50']).toBeGreaterThanOrEqual(100);
  });

  test.concurrent('a crash on a Unix socket, whose file remains', async () => {
    const socketPath = join(tmpdir(), `ssebench-crash-${process.pid}.sock`);
    const load: Load = { kind: 'reconnect', how: 'crash', retryMs: 100, jitterMs: 100 };
    const own = { env: { SOCKET: socketPath }, request: { socketPath } };
    // If the server did not start again, the round would have failed.
    expect(measured(await measureOwn(own, load, 4_000)).counts.cut).toBe(streams);
    expect(existsSync(socketPath)).toBe(false);
  });

  test.concurrent('a server that refuses the inspector is measured from outside', async () => {
    const [program, file] = node;
    const command = ['env', '-u', 'NODE_OPTIONS', program, '--disable-sigusr1', file] as const;
    const result = await measureOwn({ command });
    expect(measured(result).process).toMatchObject({
      cpuNs: aNumber,
      before: { heapBytes: null, rssBytes: aNumber },
      held: { timers: null, sockets: 0 },
      inspection: 'outside',
      why: expect.stringContaining('has no handler for SIGUSR1'),
    });
  });

  test.runIf(hasPython)('a server in Python behind a script', { concurrent: true }, async () => {
    const file = fixture('own').replace(/ts$/, 'py');
    const result = await measureOwn({ command: ['sh', '-c', 'python3 "$0"; exit', file] });
    expect(figuresOf(result)).toMatchObject({
      memory: undefined,
      'held-timers': undefined,
      'held-sockets': 0,
    });
    expect(measured(result).process).toMatchObject({
      cpuNs: aNumber,
      loaded: { rssBytes: aNumber },
    });
    expect(measured(result).process!.why).toMatch(/^python\S* is neither Node nor Deno$/);
  });

  test.concurrent('a restart', async () => {
    const load: Load = { kind: 'reconnect', how: 'restart', retryMs: 100, jitterMs: 100 };
    const { counts, process } = measured(await measureOwn({}, load, 4_000));
    // On a busy machine, some streams open only after the restart.
    expect(counts.cut).toBeGreaterThan(0);
    expect(counts.reconnected).toBeGreaterThan(0);
    expect(counts.reconnected).toBeLessThanOrEqual(counts.cut);
    expect(process).toBeNull();
  });

  test.concurrent('a shutdown', async () => {
    const result = await measureOwn({}, { kind: 'shutdown', graceMs: 10_000 });
    const outcome = measured(result).outcome as ShutdownOutcome;
    expect(outcome).toMatchObject({ kind: 'shutdown', exitCode: 0, wasKilled: false });
    // On a busy machine, some streams open only after SIGTERM.
    expect(outcome.streams).toBeGreaterThan(0);
    expect(outcome.cut).toBe(outcome.streams);
  });

  test.concurrent('a first stream that fails', async () => {
    const result = await measureOwn({ query: '&refuses' });
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'start',
      message: expect.stringMatching(/^status 401 .*; send credentials/),
    });
  });

  test.concurrent('a command that ends: how, and its last output', async () => {
    const command = [
      process.execPath,
      '-e',
      'console.error(`no database for ${process.env.ACCOUNT}`); process.exit(3)',
    ] as const;
    expect(await measureOwn({ command, env: { ACCOUNT: 's3cret' } })).toMatchObject({
      state: 'failed',
      phase: 'start',
      message: 'the server did not start: exit code 3',
      exitCode: 3,
      stderr: ['no database for hidden'],
    });
  });
});

/** The time of its own, so that a busy machine does not matter. */
const burnedMs = 200;
/** CPU time of ended threads and processes comes in steps of 10 ms, for user and system time. */
const stepsMs = 20;
const burn = `while (process.threadCpuUsage().user < ${burnedMs}e3);`;
const burners: Record<string, readonly [string, ...string[]]> = {
  children: ['sh', '-c', 'echo; read go; "$0" -e "$1"; echo; read go', process.execPath, burn],
  threads: [
    process.execPath,
    '-e',
    `const { Worker } = require('node:worker_threads');
     console.log();
     process.stdin.once('data', () => {
       new Worker(${JSON.stringify(burn)}, { eval: true }).once('exit', () => console.log());
       process.stdin.once('data', () => process.exit());
     });`,
  ],
};

test.runIf(process.platform === 'linux').each(Object.entries(burners))(
  'the CPU time of a server includes %s that have ended',
  async (_what, [program, ...words]) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const sample = watchTree(() => processesFrom(undefined, identityOfChild(child)));
    await once(child.stdout, 'data');
    const before = sample()!;
    child.stdin.write('go\n');
    await once(child.stdout, 'data');
    const after = sample()!;
    child.stdin.end('go\n');
    await once(child, 'exit');
    expect((after.cpuNs - before.cpuNs) / 1e6).toBeGreaterThan(burnedMs - stepsMs);
  },
);

describe.runIf(process.platform === 'linux')('a running process', () => {
  let child: ChildProcess;
  let server: UrlUnderTest;

  beforeAll(async () => {
    server = await ownServer({ query: '&clears=100' });
    const { env } = server.process as Extract<OwnProcess, { kind: 'command' }>;
    child = spawn(node[0], [inspectorAnywhere, ...node.slice(1)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout!, 'data');
    server.process = { kind: 'pid', pid: child.pid! };
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  test('is measured like a command, keeps running, and has its inspector closed again', async () => {
    for (const _round of [1, 2]) {
      const { result } = await measureOnce(server, { scenario: steady });
      expect(measured(result).process).toMatchObject(measuredFromInside);
      const figures = figuresOf(result);
      expect(figures).toMatchObject({ 'held-timers': 0 });
      expect(figures['release.p50']).toBeGreaterThanOrEqual(100);
      expect(isAlive(child.pid!)).toBe(true);
      await expect.poll(() => portsOf(child.pid!)).toEqual([Number(new URL(server.url).port)]);
    }
  });
});
