/**
 * The first request of `run` and `leaks`: a server that gives no stream is reported at once, and
 * nothing else happens.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../result/exit-codes.ts';
import {
  startCommandProcess,
  type CommandProcess,
} from '../tests/fixtures/helpers/command-process.ts';
import { freePort, inspectorAnywhere } from '../tests/fixtures/helpers/free-port.ts';
import { runResultSchema } from '../result/run-result.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
/** Long enough for all streams to open, also on a busy machine. */
const small =
  '--streams 20 --interval 100ms --ramp 100ms --warmup 1s --duration 1s --rounds 3'.split(' ');
/** With this load, ssebench would wait a minute for an answer. */
const patient = ['--interval', '20s', '--duration', '60s'];
/** Far less than that, but enough for a busy machine. */
const atOnceMs = 30_000;

let commands: CommandProcess;
beforeAll(() => {
  commands = startCommandProcess();
});
afterAll(() => commands.end());

let folder = '';
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** A server in this process. It counts its requests and records the time of its last answer. */
async function serve(answer: RequestListener) {
  const seen = {
    requests: 0,
    open: 0,
    mostOpen: 0,
    answeredMs: 0,
    headers: {} as Record<string, unknown>,
    url: '',
  };
  const server = createServer((req, res) => {
    seen.requests++;
    seen.mostOpen = Math.max(seen.mostOpen, ++seen.open);
    seen.headers = req.headers;
    res.on('close', () => seen.open--);
    seen.answeredMs = performance.now();
    answer(req, res);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/event`;
  return seen;
}

function stream(res: ServerResponse) {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  const timer = setInterval(() => res.write('data: x\n\n'), 100);
  res.on('close', () => clearInterval(timer));
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    endedMs: performance.now(),
    ...output,
  }));
  return { child, output, ended };
}
const ssebench = (...args: string[]) => start(...args).ended;
/** For commands that start nothing. */
const inTurn = (...words: string[]) => commands.run({ words, folder });
const timesIn = (text: string, part: string) => text.split(part).length - 1;

describe('run: a URL that does not answer with a stream', () => {
  const answers: [string, RequestListener, RegExp][] = [
    [
      '401',
      (_req, res) => res.writeHead(401).end(),
      /status 401 \(401 Unauthorized\); send credentials with --header/,
    ],
    ['403', (_req, res) => res.writeHead(403).end(), /status 403 \(403 Forbidden\); .*--header/],
    [
      '404',
      (_req, res) => res.writeHead(404).end(),
      /status 404 \(404 Not Found\); use the URL of the stream itself/,
    ],
    [
      '503',
      (_req, res) => res.writeHead(503).end(),
      /status 503 \(503 Service Unavailable\); check the server/,
    ],
    [
      'a redirect',
      (_req, res) => res.writeHead(307, { location: '/elsewhere' }).end(),
      /status 307 \(307 Temporary Redirect, to .*\/elsewhere\); use the URL that it redirects to/,
    ],
    [
      'a page',
      (_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>'),
      /not an event stream \(Content-Type: text\/html\); use the URL of the stream itself/,
    ],
    ['no answer at all', (req) => req.socket.destroy(), /closed before headers/],
    ['a reset', (req) => (req.socket as Socket).resetAndDestroy(), /connection reset/],
  ];
  test('each is reported once and at once, and nothing is measured', async () => {
    const all = await Promise.all(answers.map(([, answer]) => serve(answer)));
    const urls = all.map(({ url }) => url);
    const words = ['run', ...urls, ...small, ...patient, '--json', '--out', 'mine'];
    const { code, stdout, stderr, endedMs } = await ssebench(...words);
    for (const [place, [what, , why]] of answers.entries()) {
      const lines = stderr.split('\n').filter((line) => line.startsWith(`${urls[place]}: `));
      expect({ what, lines }).toEqual({ what, lines: [expect.stringMatching(why)] });
    }
    expect(
      timesIn(stderr, 'Nothing was measured. Use --no-probe to skip this first request.'),
    ).toBe(1);
    expect({ code, stdout }).toEqual({ code: exitCodes.failure, stdout: '' });
    expect(all.map(({ requests }) => requests)).toEqual(answers.map(() => 1));
    expect(endedMs - Math.max(...all.map(({ answeredMs }) => answeredMs))).toBeLessThan(atOnceMs);
    expect(existsSync(join(folder, 'mine'))).toBe(false);
  });

  test('servers that do not speak HTTP are reported with their own failures', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    const noHttp = createTcpServer(
      (socket) => void socket.on('error', () => {}).end('SSH-2.0\r\n'),
    ).listen(0, '127.0.0.1');
    await once(noHttp, 'listening');
    const { port } = noHttp.address() as AddressInfo;
    const { code, stderr } = await ssebench(
      'run',
      nobody,
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      'floor',
      ...small,
    );
    noHttp.close();
    expect(code).toBe(exitCodes.failure);
    expect(stderr).toMatch(
      new RegExp(
        `^${nobody}: connection refused \\(.*ECONNREFUSED.*\\); start the server, or check the port`,
        'm',
      ),
    );
    expect(stderr).toMatch(new RegExp(`^http://127.0.0.1:${port}/: not HTTP `, 'm'));
    expect(stderr).toMatch(
      new RegExp(
        `^https://127.0.0.1:${port}/: TLS failed .*; check that the server uses https`,
        'm',
      ),
    );
    expect(stderr).not.toContain('Measuring');
  });

  test('--no-probe measures it anyway', async () => {
    const server = await serve((_req, res) => res.writeHead(401).end());
    const { code, stdout } = await ssebench(
      'run',
      server.url,
      ...small,
      '--rounds',
      '1',
      '--no-probe',
    );
    expect({ code, requests: server.requests }).toEqual({ code: exitCodes.failure, requests: 20 });
    expect(stdout).toContain('no stream opened: 20 × status 401 (401 Unauthorized)');
  });
});

describe('run: a URL that answers with a stream', () => {
  test('gets one additional request with all headers, before the load and in no figure', async () => {
    let openAtSecond = -1;
    let first = {};
    const server = await serve((_req, res) => {
      if (server.requests === 1) first = server.headers;
      if (server.requests === 2) openAtSecond = server.open;
      stream(res);
    });
    const { stdout, stderr } = await ssebench(
      'run',
      server.url.replace('//', '//me:too@'),
      ...small,
      '--rounds',
      '1',
      '--header',
      'X-Mine: yes',
      '--json',
    );
    expect(first).toMatchObject({
      accept: 'text/event-stream',
      'x-mine': 'yes',
      authorization: `Basic ${btoa('me:too')}`,
    });
    expect({ requests: server.requests, openAtSecond, mostOpen: server.mostOpen }).toEqual({
      requests: 21,
      openAtSecond: 1,
      mostOpen: 20,
    });
    const [round] = runResultSchema.parse(JSON.parse(stdout)).rounds;
    expect(round).toMatchObject({
      state: 'measured',
      planned: 20,
      counts: { started: 20, opened: 20 },
      failures: {},
    });
    expect(stderr).toMatch(/^Measuring/);
  });

  test('late, with its first event: ssebench waits, and prints that it waits', async () => {
    let first: ServerResponse | undefined;
    const server = await serve((_req, res) => {
      if (server.requests === 1) first = res;
      else stream(res);
    });
    const { output, ended } = start('run', server.url, ...small, '--rounds', '1');
    await expect.poll(() => output.stderr).toContain('Waiting');
    stream(first!);
    const { stderr } = await ended;
    expect(stderr).toMatch(
      /^Waiting up to 5 s for the response headers of http:\S+\. Use --no-probe to skip this request\.\nMeasuring /,
    );
    expect(stderr).toMatch(/\[1\/1\] .*: \d+ streams, \d+ events/);
  });

  test('never: the wait ends when a stream would count as stalled, or with Ctrl-C', async () => {
    const server = await serve(() => {});
    const waiting = start('run', server.url, ...small);
    await expect.poll(() => server.requests).toBe(1);
    waiting.child.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: exitCodes.interrupted, stdout: '' });
    const { code, stderr } = await ssebench('run', server.url, ...small);
    expect(code).toBe(exitCodes.failure);
    expect(stderr).toMatch(/no answer \(no response for 5 s; .*buffer the response\)/);
  });

  test('--plan shows the request and does not send it', async () => {
    const server = await serve((_req, res) => stream(res));
    const { code, stdout } = await inTurn('run', server.url, 'floor', '--plan');
    expect(stdout).toContain(`First: one request to ${server.url}, not measured\n`);
    expect(
      JSON.parse((await inTurn('run', server.url, 'floor', '--plan', '--json')).stdout),
    ).toMatchObject({ probed: [server.url] });
    for (const args of [['floor'], [server.url, '--no-probe']])
      expect((await inTurn('run', ...args, '--plan')).stdout).not.toContain('First:');
    expect({ code, requests: server.requests }).toEqual({ code: exitCodes.success, requests: 0 });
  });
});

describe.skipIf(process.platform !== 'linux')('leaks', () => {
  /** A server in a separate process that refuses all streams and prints the URL of each request. */
  const refusing =
    "require('http').createServer((q, r) => { console.log(q.url); r.writeHead(401).end(); }).listen(Number(process.argv[1]), '127.0.0.1')";
  const found = {
    state: 'not inspected',
    reason: expect.stringMatching(
      /^status 401 \(401 Unauthorized\); send credentials with --header/,
    ),
  };

  async function withServer(args: (pid: number) => string[]) {
    const port = await freePort();
    const server = spawn(process.execPath, [inspectorAnywhere, '-e', refusing, String(port)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let asked = '';
    server.stdout.on('data', (text) => (asked += text));
    try {
      const status = () =>
        fetch(`http://127.0.0.1:${port}/ready`).then(
          (answer) => answer.status,
          () => 0,
        );
      await expect.poll(status).toBe(401);
      const ended = await ssebench(
        'leaks',
        '--url',
        `http://127.0.0.1:${port}/event`,
        '--json',
        ...args(server.pid!),
      );
      return { ...ended, requests: timesIn(asked, '/event\n') };
    } finally {
      server.kill('SIGKILL');
    }
  }

  test('a 401 of a running server is reported after one request', async () => {
    const { code, stdout, stderr, requests } = await withServer((pid) => ['--pid', String(pid)]);
    expect(JSON.parse(stdout)).toMatchObject({ servers: [found] });
    expect({ code, stderr, requests }).toEqual({
      code: exitCodes.invalid,
      stderr: '',
      requests: 1,
    });
  });

  test('with --no-probe, the clients of the warm-up report it', async () => {
    const { stdout, requests } = await withServer((pid) => ['--pid', String(pid), '--no-probe']);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: [
        {
          state: 'not inspected',
          reason: expect.stringContaining('no stream opened: 5 × status 401'),
        },
      ],
    });
    expect(requests).toBe(5);
  });

  test('a 401 of a server that a command starts is reported', async () => {
    const port = await freePort();
    const { code, stdout } = await ssebench(
      'leaks',
      '--url',
      `http://127.0.0.1:${port}/event`,
      '--json',
      '--',
      process.execPath,
      '-e',
      refusing,
      String(port),
    );
    expect(JSON.parse(stdout)).toMatchObject({ servers: [found] });
    expect(code).toBe(exitCodes.invalid);
  });
});
