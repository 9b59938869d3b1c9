/**
 * The inspector is a debugger. These tests check at which addresses a server opens it for ssebench,
 * for how long, and which processes ssebench contacts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { watchChildren } from '../fixtures/helpers/watch-children.ts';
import { isLoopback, listenersOf, type Listener } from '../../system/listeners.ts';
import { childrenOf } from '../../system/processes.ts';
import { portsOf } from '../../system/sockets.ts';
import { inspectProcess } from '../../leaks/inspection/inspection.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
/** The check of a clean server ends before the usual deadline, however slow the machine is. */
const small = ['--streams', '10', '--modes', 'close'];
let folder = '';
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const ourChildren = watchChildren();
afterEach(async () => {
  await Promise.all(started.splice(0).map(end));
  // The process that opens an inspector ends when it notices that its server has ended.
  await vi.waitFor(() => {
    const left = ourChildren();
    if (left.length > 0) throw new Error(`left running: ${JSON.stringify(left)}`);
  }, 120_000);
});
async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function start(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  return {
    child,
    output,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...output })),
  };
}
const leaks = (...words: string[]) => start([cli, 'leaks', ...small, ...words]).ended;

/** A server that streams on any path. It exits if it receives a request that no stream needs. */
const server = `
  import { createServer } from 'node:http';
  import * as inspector from 'node:inspector';
  const answer = (req, res) => {
    if (req.url !== '/event') { console.error('asked for ' + req.url); process.exit(7); }
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => res.write('data: tick\\n\\n'), 50);
    res.on('close', () => clearInterval(timer));
  };
  const listen = (port) => new Promise((resolve) => {
    const server = createServer(answer).listen(port, '127.0.0.1', () => resolve(server.address().port));
  });
  eval(process.env.FIRST ?? '');
  const other = await listen(0);
  console.log('ports ' + await listen(Number(process.env.PORT ?? 0)) + ' ' + other);`;

interface Way {
  nodeArguments?: string[];
  env?: NodeJS.ProcessEnv;
  file?: string;
}
async function running({ nodeArguments = [], env = {}, file = 'server.mjs' }: Way = {}) {
  writeFileSync(join(folder, file), server);
  const { child, output, ended } = start([...nodeArguments, file], env);
  await expect.poll(() => output.stdout).toContain('ports');
  const [port] = /\d+/.exec(output.stdout)!;
  return {
    child,
    pid: child.pid!,
    port: Number(port),
    url: `http://127.0.0.1:${port}/event`,
    output,
    ended,
  };
}

/** A shorter interval would keep a core busy, which other tests need. */
const inspectedEachMs = 5;

/**
 * Inspects a server. Meanwhile records at which addresses other machines could reach it, and for
 * how long.
 */
async function inspected({ pid, port }: { pid: number; port: number }) {
  const before = new Set(listenersOf(pid).map(({ inode }) => inode));
  const seen: Listener[] = [];
  let exposedMs = 0;
  const inspecting = inspectProcess(pid, {
    given: undefined,
    traced: false,
    serverPort: port,
    lifelines: undefined,
    signal: new AbortController().signal,
  });
  const state = { isOver: false };
  const over = inspecting
    .then(
      (inspection) => inspection.end().then(() => 'inspected'),
      (error: Error) => error.message,
    )
    .finally(() => (state.isOver = true));
  for (let lastMs = performance.now(); !state.isOver; lastMs = performance.now()) {
    await sleep(inspectedEachMs);
    const fresh = listenersOf(pid, (inode) => !before.has(inode));
    seen.push(...fresh);
    if (fresh.some(({ address }) => !isLoopback(address))) exposedMs += performance.now() - lastMs;
  }
  return {
    outcome: await over,
    exposed: seen.some(({ address }) => !isLoopback(address)),
    exposedMs,
    seen,
    after: listenersOf(pid, (inode) => !before.has(inode)),
  };
}

describe.runIf(process.platform === 'linux')(
  'a running server whose inspector would be open to the network',
  () => {
    test.each<[string, (port: number) => Way]>([
      ['by a host without a port', () => ({ nodeArguments: ['--inspect-port=0.0.0.0'] })],
      ['by an IPv6 host', () => ({ nodeArguments: ['--inspect-port=[::]'] })],
      [
        'by an option with an underscore',
        (port) => ({ nodeArguments: [`--inspect_port=0.0.0.0:${port}`] }),
      ],
      [
        'by a separate argument',
        (port) => ({ nodeArguments: ['--inspect-port', `0.0.0.0:${port}`] }),
      ],
      ['by the older option name', (port) => ({ nodeArguments: [`--debug-port=0.0.0.0:${port}`] })],
      [
        'by quotes in NODE_OPTIONS',
        (port) => ({ env: { NODE_OPTIONS: `--inspect-port="0.0.0.0:${port}"` } }),
      ],
      [
        'by --inspect, which it closed',
        (port) => ({
          nodeArguments: [`--inspect=0.0.0.0:${port}`],
          env: { FIRST: 'inspector.close()' },
        }),
      ],
    ])('an inspector exposed %s gets no signal, and its host is reported', async (_what, way) => {
      const serverProcess = await running(way(await freePort()));
      const { outcome, seen } = await inspected(serverProcess);
      expect(outcome).toMatch(
        /^process \d+ would open its inspector, which is a debugger, at (0\.0\.0\.0|::), where other machines can reach it/,
      );
      expect(seen).toEqual([]);
      expect(serverProcess.output.stderr.match(/Debugger listening/g)?.length ?? 0).toBe(
        _what.includes('closed') ? 1 : 0,
      );
    });

    test.each<[string, string[]]>([
      ['an unknown option', ['--no-inspect']],
      ['an unpublished address', ['--inspect-publish-uid=stderr']],
      ['the name of another host', ['--inspect-port=my-host:0']],
    ])('an inspector with %s gets no signal', async (_what, nodeArguments) => {
      const serverProcess = await running({ nodeArguments });
      const { outcome, seen } = await inspected(serverProcess);
      expect(outcome).toMatch(
        /ssebench does not know where its inspector|would open its inspector, which is a debugger, at my-host/,
      );
      expect(outcome).toContain('--inspection outside works without the inspector');
      expect({ seen, stderr: serverProcess.output.stderr }).toEqual({ seen: [], stderr: '' });
    });

    test.each<[string, (port: number) => Way]>([
      [
        'overwrote its command line',
        (port) => ({
          nodeArguments: [`--inspect-port=0.0.0.0:${port}`],
          env: { FIRST: 'process.title = "my server"' },
        }),
      ],
      [
        'moved its inspector',
        (port) => ({ env: { FIRST: `inspector.open(${port}, "0.0.0.0"); inspector.close()` } }),
      ],
      [
        'moved its inspector to all IPv6 addresses',
        (port) => ({ env: { FIRST: `inspector.open(${port}, "::"); inspector.close()` } }),
      ],
    ])('the inspector of a server that %s is closed at once', async (_what, way) => {
      const port = await freePort();
      const serverProcess = await running(way(port));
      const { outcome, exposedMs, after } = await inspected(serverProcess);
      expect(outcome).toMatch(
        new RegExp(
          `opened its inspector, which is a debugger, at (0\\.0\\.0\\.0|\\[::\\]):${port}, where other machines can reach it; ssebench closed it after \\d+ ms`,
        ),
      );
      expect(after).toEqual([]);
      // At once: otherwise it would stay open for the check.
      expect(exposedMs).toBeLessThan(10_000);
      expect((await fetch(serverProcess.url)).status).toBe(200); // the server still runs
    });

    test('an exposed inspector at a known port cannot open', async () => {
      const port = await freePort();
      const serverProcess = await running({
        nodeArguments: [`--inspect-port=127.0.0.1:${port}`],
        env: { FIRST: `inspector.open(${port}, "0.0.0.0"); inspector.close()` },
      });
      const { outcome, seen } = await inspected(serverProcess);
      expect(outcome).toContain('the inspector would listen on 0.0.0.0, which ssebench prevents');
      expect(seen).toEqual([]);
      expect(serverProcess.output.stderr).toContain(
        `Starting inspector on 0.0.0.0:${port} failed: address already in use`,
      );
    });

    test('an exposed inspector gives exit code 3, with its address', async () => {
      const port = await freePort();
      const { url, pid } = await running({
        env: { FIRST: `inspector.open(${port}, "0.0.0.0"); inspector.close()` },
      });
      const { code, stdout } = await leaks('--url', url, '--pid', String(pid));
      expect({ code, stdout }).toEqual({
        code: exitCodes.invalid,
        stdout: expect.stringMatching(
          new RegExp(
            `^NOT INSPECTED .*: process ${pid} opened its inspector.*0\\.0\\.0\\.0:${port}`,
          ),
        ),
      });
    });

    test('arguments of the program do not count as options of Node', async () => {
      writeFileSync(join(folder, 'words.mjs'), server);
      const { child, output } = start([
        `--inspect-port=127.0.0.1:0`,
        'words.mjs',
        '--inspect-port=0.0.0.0',
        '--debug',
      ]);
      await expect.poll(() => output.stdout).toContain('ports');
      expect(
        await inspected({ pid: child.pid!, port: Number(/\d+/.exec(output.stdout)) }),
      ).toMatchObject({ outcome: 'inspected', exposed: false, after: [] });
    });

    test('ssebench chooses the address if a command starts the server', async () => {
      writeFileSync(join(folder, 'server.mjs'), server);
      const port = await freePort();
      const { child, ended } = start(
        [
          cli,
          'leaks',
          ...small,
          '--url',
          `http://127.0.0.1:${port}/event`,
          '--',
          process.execPath,
          '--inspect-port=0.0.0.0',
          'server.mjs',
        ],
        { PORT: String(port), FIRST: 'process.title = "my server"' },
      );
      const seen = new Set<string>();
      const state = { isOver: false };
      void ended.finally(() => (state.isOver = true));
      while (!state.isOver) {
        for (const { pid } of childrenOf(child.pid!))
          for (const { address } of listenersOf(pid)) seen.add(address);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(await ended).toMatchObject({
        code: exitCodes.success,
        stdout: expect.stringContaining('(inspected with V8’s inspector)'),
      });
      expect([...seen].filter((address) => !isLoopback(address))).toEqual([]);
      expect(seen.size).toBeGreaterThan(0);
    });
  },
);

describe.runIf(process.platform === 'linux')('the inspector of a running server', () => {
  test.each([0, 5, 20, 60, 200, 800])(
    'a kill -9 of ssebench %i ms after it opened closes it',
    async (afterMs) => {
      const { pid, url, output } = await running({ nodeArguments: ['--inspect-port=127.0.0.1:0'] });
      const before = portsOf(pid);
      const { child, ended } = start([cli, 'leaks', ...small, '--url', url, '--pid', String(pid)]);
      await expect.poll(() => portsOf(pid), { interval: 1 }).not.toEqual(before);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await ended;
      await expect
        .poll(() => [portsOf(pid), output.stderr.includes('asked for')])
        .toEqual([before, false]);
      expect((await fetch(url)).status).toBe(200);
    },
  );

  test('a kill -9 of ssebench before it opened leaves it closed', async () => {
    const { pid, url } = await running({ nodeArguments: ['--inspect-port=127.0.0.1:0'] });
    const before = portsOf(pid);
    const { child, ended } = start([cli, 'leaks', ...small, '--url', url, '--pid', String(pid)]);
    await expect
      .poll(
        () => childrenOf(child.pid!).some(({ command }) => command.includes('opener-process')),
        { interval: 1 },
      )
      .toBe(true);
    child.kill('SIGKILL');
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await expect.poll(() => portsOf(pid)).toEqual(before);
  });

  test.each([
    'k\u001b[31m.mjs',
    'k\u0007\u009b".mjs',
    'webSocketDebuggerUrl": "ws://127.0.0.1:1/a".mjs'.replaceAll('/', '\u2215'),
  ])('it opens and closes for a program at the path %j', async (file) => {
    const { pid, port, output } = await running({
      nodeArguments: ['--inspect-port=127.0.0.1:0'],
      file,
    });
    const before = portsOf(pid);
    expect(await inspected({ pid, port })).toMatchObject({ outcome: 'inspected', after: [] });
    expect(output.stderr).toContain('Debugger listening');
    await expect.poll(() => portsOf(pid)).toEqual(before);
  });

  test('a server that ends at the signal is reported as ended', async () => {
    const { pid, port } = await running({
      env: { FIRST: 'process.on("SIGUSR1", () => process.exit(3))' },
    });
    expect((await inspected({ pid, port })).outcome).toBe(
      `process ${pid} ended while ssebench waited for its inspector`,
    );
  });

  test('it closes if it opens later than ssebench waits', async () => {
    const { child, pid, port, output } = await running({
      nodeArguments: ['--inspect-port=127.0.0.1:0'],
      env: {
        FIRST: `process.on("SIGUSR2", () => process.getBuiltinModule("child_process").execSync("until [ -e go ]; do sleep 0.1; done"))`,
      },
    });
    const before = portsOf(pid);
    child.kill('SIGUSR2');
    await expect.poll(() => childrenOf(pid)).toHaveLength(1);
    expect((await inspected({ pid, port })).outcome).toContain(
      'did not open its inspector within 10 s',
    );
    expect(output.stderr).toBe('');
    writeFileSync(join(folder, 'go'), '');
    await expect.poll(() => output.stderr).toContain('Debugger listening');
    await expect.poll(() => portsOf(pid)).toEqual(before);
  });

  test('a stopped process gets no signal', async () => {
    const { child, pid, port } = await running();
    child.kill('SIGSTOP');
    await expect.poll(() => readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\tT/m);
    expect((await inspected({ pid, port })).outcome).toContain(
      `process ${pid} is stopped (SIGSTOP, Ctrl-Z); continue it with: kill -CONT ${pid}`,
    );
  });
});

describe.runIf(process.platform === 'linux')('a request for /json/list', () => {
  test.each<[string, Way, string]>([
    ['with a closed inspector', { nodeArguments: ['--inspect-port=127.0.0.1:0'] }, 'inspected'],
    ['with an open inspector', { nodeArguments: ['--inspect=127.0.0.1:0'] }, 'inspected'],
    [
      'with an open inspector at an unknown port',
      { env: { FIRST: 'inspector.open(0, "127.0.0.1")' } },
      'is already open on a port that its options do not name',
    ],
  ])('a server %s receives none at any port', async (_what, way, words) => {
    const { pid, port, output, child } = await running(way);
    const { outcome } = await inspected({ pid, port });
    expect(output.stderr).not.toContain('asked for');
    expect(child.exitCode).toBe(null);
    expect(outcome).toContain(words);
  });

  test('a server that listens at the inspector’s port receives none', async () => {
    const taken = await freePort();
    const { pid, port, output, child } = await running({
      nodeArguments: [`--inspect-port=127.0.0.1:${taken}`],
      env: { FIRST: `listen(${taken})` },
    });
    const { outcome } = await inspected({ pid, port });
    expect(outcome).toContain(`its port is in use (9229 or ${taken}`);
    expect({ stderr: output.stderr.includes('asked for'), exitCode: child.exitCode }).toEqual({
      stderr: false,
      exitCode: null,
    });
  });

  test('a server started by a command receives none', async () => {
    writeFileSync(join(folder, 'server.mjs'), server);
    const port = await freePort();
    const { code } = await start(
      [
        cli,
        'leaks',
        ...small,
        '--url',
        `http://127.0.0.1:${port}/event`,
        '--',
        process.execPath,
        'server.mjs',
      ],
      { PORT: String(port) },
    ).ended;
    expect(code).toBe(exitCodes.success);
  });
});

describe.runIf(process.platform === 'linux')(
  'a server that ends before ssebench can connect',
  () => {
    const dies =
      'require("http").createServer(() => {}).listen(PORT, "127.0.0.1", () => { console.error("no such database"); process.exit(7); })';
    const lingers =
      'require("http").createServer(() => {}).listen(PORT, "127.0.0.1", () => setTimeout(() => { console.error("no such database"); process.exit(7); }, 300))';
    test.each<[string, (code: string) => string[], string]>([
      ['at once', (code) => [process.execPath, '-e', code], dies],
      [
        'at once, in a shell that stays',
        (code) => ['sh', '-c', `${process.execPath} -e '${code}'; sleep 2`],
        dies,
      ],
      ['after 300 ms', (code) => [process.execPath, '-e', code], lingers],
      [
        'after 300 ms, in a shell that stays',
        (code) => ['sh', '-c', `${process.execPath} -e '${code}'; sleep 2`],
        lingers,
      ],
    ])('its last output is printed if it ends %s', async (_what, command, code) => {
      const port = await freePort();
      const { code: exitCode, stdout } = await leaks(
        '--url',
        `http://127.0.0.1:${port}/event`,
        '--',
        ...command(code.replace('PORT', String(port))),
      );
      expect({ exitCode, stdout }).toEqual({
        exitCode: exitCodes.invalid,
        stdout: expect.stringMatching(/^NOT INSPECTED [^]*\n +no such database/),
      });
    });
  },
);

describe.runIf(process.platform === 'linux')('a cluster', () => {
  const cluster = `
    import cluster from 'node:cluster';
    import { createServer } from 'node:http';
    const [port, kind, how] = process.argv.slice(2);
    if (how === 'shared handle') cluster.schedulingPolicy = cluster.SCHED_NONE;
    if (cluster.isPrimary) {
      cluster.fork();
      cluster.fork();
      // A server that breaks because of ssebench must be seen.
      cluster.on('exit', (_, code) => { if (kind !== 'restarts') process.exit(code || 1); else cluster.fork(); });
    } else {
      let streams = 0;
      createServer((req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        const timer = setInterval(() => res.write('data: tick\\n\\n'), 50);
        res.on('close', () => { if (kind !== 'leaks') clearInterval(timer); if (kind === 'restarts' && ++streams === 8) process.exit(9); });
      }).listen({ port: Number(port), host: '127.0.0.1', reusePort: how === 'shared port' });
    }`;
  const check = async (options: string[], ...words: string[]) => {
    writeFileSync(join(folder, 'cluster.mjs'), cluster);
    const port = await freePort();
    return leaks(
      ...options,
      '--url',
      `http://127.0.0.1:${port}/event`,
      '--',
      process.execPath,
      'cluster.mjs',
      String(port),
      ...words,
    );
  };

  test.each(['round robin', 'shared handle', 'shared port'])(
    'a leak in all workers is found with %s',
    async (how) => {
      const { code, stdout } = await check(['--deadline', '300ms'], 'leaks', how);
      expect({ code, stdout }).toEqual({
        code: exitCodes.leaking,
        stdout: expect.stringMatching(
          /LEAK .*1\.00 timers per disconnect \((\d+) after \1 disconnects\): setInterval 50 ms at .*cluster\.mjs:15/,
        ),
      });
    },
  );

  test('a cluster without a leak is clean', async () => {
    expect(await check([], 'clean', 'round robin')).toMatchObject({
      code: exitCodes.success,
      stdout: expect.stringMatching(
        /^clean .*clean after 30 disconnects: graceful close \(inspected with V8’s inspector\)/,
      ),
    });
  });

  test('a worker that ends prevents the inspection, and is named', async () => {
    const { code, stdout } = await check([], 'restarts', 'round robin');
    expect({ code, stdout }).toEqual({
      code: exitCodes.invalid,
      stdout: expect.stringMatching(
        /the cluster of process \d+ changed during the check, so its counts are incomplete: worker \d+ ended.*; run it with a fixed number of workers/,
      ),
    });
  });

  test('neither the primary nor a worker of a running cluster is inspected', async () => {
    writeFileSync(join(folder, 'cluster.mjs'), cluster);
    const port = await freePort();
    const { child } = start(['cluster.mjs', String(port), 'clean']);
    const url = `http://127.0.0.1:${port}/event`;
    await expect
      .poll(() =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    const [worker] = childrenOf(child.pid!);
    for (const [pid, what] of [
      [child.pid!, 'the primary of a cluster (node:cluster) with 2 workers'],
      [worker!.pid, `a worker of the cluster (node:cluster) of process ${child.pid}`],
    ] as const) {
      const { code, stdout } = await leaks('--url', url, '--pid', String(pid));
      expect({ code, stdout }).toEqual({
        code: exitCodes.invalid,
        stdout: expect.stringContaining(`process ${pid} is ${what}`),
      });
      expect(stdout).toContain(
        'give the command after -- instead of --pid, or run the server as one process',
      );
    }
    expect(childrenOf(child.pid!)).toHaveLength(2);
    expect((await fetch(url)).status).toBe(200);
  });
});

test.runIf(process.platform === 'linux').each([
  ['clears its environment', ['env', '-i']],
  ['replaces NODE_OPTIONS', ['env', 'NODE_OPTIONS=']],
])('the server of a command that %s is inspected after a signal', async (_what, before) => {
  writeFileSync(join(folder, 'server.mjs'), server);
  const port = await freePort();
  const command = [
    ...before,
    `PORT=${port}`,
    process.execPath,
    `--inspect-port=127.0.0.1:${await freePort()}`,
    'server.mjs',
  ];
  expect(await leaks('--url', `http://127.0.0.1:${port}/event`, '--', ...command)).toMatchObject({
    code: exitCodes.success,
    stdout: expect.stringContaining('(inspected with V8’s inspector)'),
  });
});

test('a server started by a command is inspected despite a taken inspector port', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  writeFileSync(join(folder, 'server.mjs'), server);
  const port = await freePort();
  const { code } = await start(
    [
      cli,
      'leaks',
      ...small,
      '--url',
      `http://127.0.0.1:${port}/event`,
      '--',
      process.execPath,
      `--inspect-port=127.0.0.1:${(taken.address() as AddressInfo).port}`,
      'server.mjs',
    ],
    { PORT: String(port) },
  ).ended;
  taken.close();
  expect(code).toBe(exitCodes.success);
});
