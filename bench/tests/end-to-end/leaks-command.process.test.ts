/**
 * `ssebench leaks` as users and CI systems see it: real processes, from the first word to the exit
 * code.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { startCommandProcess, type CommandProcess } from '../fixtures/helpers/command-process.ts';
import { freePort, inspectorAnywhere } from '../fixtures/helpers/free-port.ts';
import { processesWith } from '../../system/processes.ts';
import { portsOf, processesOn } from '../../system/sockets.ts';
import { inspectProcess } from '../../leaks/inspection/inspection.ts';
import { whyNoOwnNetwork } from '../../leaks/own-network/network.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const leaky = fileURLToPath(new URL('../../../servers/faulty/never-cleared.ts', import.meta.url));
const clean = fileURLToPath(new URL('../../../servers/node-http.ts', import.meta.url));
/** The check of a clean server ends before the usual deadline, however slow the machine is. */
const small = ['--streams', '10', '--modes', 'close'];
/** The check of a leak waits until its deadline several times. */
const soon = ['--deadline', '300ms'];

let folder = '';
let marker = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  marker = randomUUID();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await vi.waitFor(() => {
    const left = processesWith(`SSEBENCH_TEST=${marker}`);
    if (left.length > 0) throw new Error(`left running: ${JSON.stringify(left)}`);
  }, 120_000);
});

/** Starts a program whose descendants can be told apart from other processes. */
function start(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, SSEBENCH_TEST: marker },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, ended };
}
const leaks = (...words: string[]) => start([cli, 'leaks', ...words]).ended;

const plainInspection = { given: undefined, traced: false, serverPort: 0, lifelines: undefined };
const urlAt = (port: number) => `http://127.0.0.1:${port}/event?interval=50`;

/** A server that already runs, and runs until the test ends. */
async function running(file: string, nodeArguments: readonly string[] = []) {
  const { child, output, ended } = start([...nodeArguments, file, '--port', '0']);
  await expect.poll(() => output.stdout).toContain('running on port');
  const port = Number(/port (\d+)/.exec(output.stdout)![1]);
  return {
    pid: child.pid!,
    url: urlAt(port),
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('a server started by a command', () => {
  test('a leak gives exit code 4, with its line in every output', async () => {
    const port = await freePort();
    const words = ['--junit', 'out/leaks.xml', '--ignore', 'never-cleared.ts:1'];
    const { code, stdout, stderr } = await start(
      [
        cli,
        'leaks',
        ...small,
        ...soon,
        ...words,
        '--url',
        urlAt(port),
        '--',
        process.execPath,
        leaky,
        '--port',
        String(port),
      ],
      { GITHUB_ACTIONS: 'true' },
    ).ended;
    expect(code).toBe(exitCodes.leaking);
    // Each round, and the finding before the check has ended.
    expect(stderr).toMatch(
      /graceful close \(1 of 1\), round 1 done, holds \d+ objects more than before$.*^LEAK .*never-cleared\.ts:11, .*The check continues\.$/ms,
    );
    expect(stdout).toMatch(
      /LEAK {2}graceful close: 1\.00 timers per disconnect \((\d+) after \1 disconnects\): setInterval 50 ms at .*never-cleared\.ts:11, not released after \d\.\d s/,
    );
    expect(stdout).toMatch(
      /^::error file=.*never-cleared\.ts,line=11,title=ssebench leaks::.*graceful close: 1\.00 timers per disconnect/m,
    );
    const xml = readFileSync(join(folder, 'out/leaks.xml'), 'utf8');
    expect(xml).toContain('tests="1" failures="1" errors="0"');
    expect(xml).toMatch(
      /<failure message="graceful close: 1\.00 timers per disconnect .*never-cleared\.ts:11/,
    );
  });

  test('a server that dies midway is reported with its exit code and last output', async () => {
    const port = await freePort();
    // The rounds of the first mode make this server die.
    writeFileSync(
      join(folder, 'dies.mjs'),
      `
      import { createServer } from 'node:http';
      let streams = 0;
      createServer((req, res) => {
        if (++streams > 60) { console.error('out of luck', req.headers['x-key']); process.exit(7); }
        res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
        const timer = setInterval(() => res.write('data: tick\\n\\n'), 50);
        res.on('close', () => clearInterval(timer));
      }).listen(${port}, '127.0.0.1');`,
    );
    const words = ['--modes', 'close,reset,kill', '--url', urlAt(port)];
    const header = ['--header', 'X-Key: open sesame'];
    const command = [process.execPath, 'dies.mjs', 'an argument'];
    expect(await leaks(...small, ...words, ...header, '--', ...command)).toMatchObject({
      code: exitCodes.leaking,
      stdout: expect.stringMatching(
        /^DIED .*: died while clients disconnected \(graceful close\): .*node dies\.mjs … ended: exit code 7\n +out of luck hidden$/m,
      ),
    });
  });

  test('a leak without a line is found, in a server that refuses the probe', async () => {
    const port = await freePort();
    writeFileSync(
      join(folder, 'sleeps.mjs'),
      `
      import { createServer } from 'node:http';
      if (process.env.NODE_OPTIONS.includes('probe')) process.exit(1);
      const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
      createServer(async (req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        for (;;) { res.write('data: tick\\n\\n'); await sleep(50); }
      }).listen(${port}, '127.0.0.1');`,
    );
    const { code, stdout } = await leaks(
      ...small,
      ...soon,
      '--url',
      urlAt(port),
      '--',
      process.execPath,
      'sleeps.mjs',
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.leaking,
      stdout: expect.stringMatching(
        /^LEAKS .*\(inspected with V8’s inspector\)\n +LEAK .*1\.00 timers per disconnect \((\d+) after \1 disconnects\): setTimeout, not released/,
      ),
    });
  });

  test('a port taken by another process is reported with its pid', async () => {
    const other = await running(clean);
    const { code, stdout } = await leaks(
      ...small,
      '--url',
      other.url,
      '--',
      process.execPath,
      leaky,
      '--port',
      new URL(other.url).port,
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.invalid,
      stdout: expect.stringContaining(
        `port ${new URL(other.url).port} is in use by process ${other.pid}; end that process`,
      ),
    });
    await other.stop();
  });

  test('a server without events is unexpected, and clean with --events 0', async () => {
    const silent = `require("http").createServer((q, s) => s.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders()).listen(PORT, "127.0.0.1")`;
    const check = async (...words: string[]) => {
      const port = await freePort();
      return leaks(
        ...small,
        ...words,
        '--url',
        urlAt(port),
        '--',
        process.execPath,
        '-e',
        silent.replace('PORT', String(port)),
      );
    };
    // Streams must open within this time.
    expect(await check('--patience', '2s')).toMatchObject({
      code: exitCodes.leaking,
      stdout: expect.stringMatching(
        /^UNEXPECTED .*\n +UNEXPECTED .*no events on 30 GET streams; if streams can be idle, use --events 0/,
      ),
    });
    expect(await check('--events', '0', '--patience', '60s')).toMatchObject({
      code: exitCodes.success,
      stdout: expect.stringContaining('clean after 30 disconnects'),
    });
  });

  test('refused clients are unexpected, and do not count as disconnects', async () => {
    const port = await freePort();
    const full = `let open = 0; require("http").createServer((q, s) => {
      if (open >= 10) return s.writeHead(503).end();
      open++;
      s.writeHead(200, { "Content-Type": "text/event-stream" });
      const timer = setInterval(() => s.write("data: tick\\n\\n"), 20);
      s.on("close", () => { open--; clearInterval(timer); });
    }).listen(${port}, "127.0.0.1")`;
    const url = urlAt(port);
    const command = [process.execPath, '-e', full];
    const { code, stdout } = await leaks(...small, '--json', '--url', url, '--', ...command);
    expect(code).toBe(exitCodes.leaking);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: [
        {
          state: 'unexpected',
          modes: [
            {
              disconnects: 20,
              leaks: [],
              unexpected: [
                expect.stringMatching(/^10 of 30 streams did not open: 10 × status 503/),
              ],
            },
          ],
        },
      ],
    });
  });

  test('an ignored leak gives exit code 0', async () => {
    const port = await freePort();
    const { code, stdout } = await leaks(
      ...small,
      ...soon,
      '--ignore',
      'never-cleared.ts:11',
      '--url',
      urlAt(port),
      '--',
      process.execPath,
      leaky,
      '--port',
      String(port),
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.success,
      stdout: expect.stringMatching(/^clean/),
    });
  });

  test.each([
    ['', ''],
    [' and clears its environment', 'env -i '],
  ])(
    'a clean server that leaves the process group%s gives JSON, and is ended too',
    async (_what, forgetful) => {
      const port = await freePort();
      const { code, stdout } = await leaks(
        ...small,
        '--json',
        '--url',
        urlAt(port),
        '--',
        'sh',
        '-c',
        `setsid ${forgetful}${process.execPath} ${inspectorAnywhere} ${clean} --port ${port} & wait`,
      );
      expect(code).toBe(exitCodes.success);
      expect(JSON.parse(stdout)).toMatchObject({
        schemaVersion: 2,
        servers: [{ state: 'clean', modes: [{ mode: 'close', disconnects: 30, leaks: [] }] }],
      });
      expect(processesOn(port)).toEqual([]);
    },
  );

  test.each<[string, string[], RegExp, string[]?]>([
    [
      'ends',
      ['node', '-e', 'console.error("no such database"); process.exit(7)'],
      /ended: exit code 7\n +no such database/,
    ],
    [
      'does not listen',
      ['node', '-e', 'setInterval(() => {}, 1000)'],
      /the command does not listen on port \d+ after 0\.7 s/,
      ['--ready-within', '700ms'],
    ],
    [
      'sends no events',
      ['node', '-e', 'require("http").createServer((q, s) => s.end("hello")).listen(PORT)'],
      /not an event stream \(Content-Type: \(none\)\); use the URL of the stream itself/,
    ],
  ])(
    'a command that %s is not inspected, and the reason is printed',
    async (_what, command, reason, options = []) => {
      const port = await freePort();
      const words = command.map((word) =>
        word === 'node' ? process.execPath : word.replace('PORT', String(port)),
      );
      const { code, stdout, stderr } = await leaks(
        ...small,
        ...options,
        '--url',
        urlAt(port),
        '--',
        ...words,
      );
      expect(stdout).toMatch(/^NOT INSPECTED .*: /);
      expect(stdout).toMatch(reason);
      expect(stdout + stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(exitCodes.invalid);
    },
  );
});

describe('a running server', () => {
  test('an inspected server keeps running, and its inspector closes', async () => {
    const server = await running(leaky, ['--inspect-port=127.0.0.1:0']);
    const before = portsOf(server.pid);
    const { code, stdout } = await leaks(
      ...small,
      ...soon,
      '--url',
      server.url,
      '--pid',
      String(server.pid),
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.leaking,
      stdout: expect.stringContaining('never-cleared.ts:11'),
    });
    await expect.poll(() => portsOf(server.pid)).toEqual(before);
    expect((await fetch(server.url.replace('/event', '/nothing'))).status).toBe(404);
    await server.stop();
  });

  test('an inspector that was open before stays open', async () => {
    const server = await running(clean, ['--inspect=127.0.0.1:0']);
    const before = portsOf(server.pid);
    expect((await leaks(...small, '--url', server.url, '--pid', String(server.pid))).code).toBe(
      exitCodes.success,
    );
    expect(portsOf(server.pid)).toEqual(before);
    await server.stop();
  });

  test.each(['[::1]', 'localhost'])(
    'an inspector at %s opens for the check and closes after it',
    async (host) => {
      const server = await running(clean, [`--inspect-port=${host}:0`]);
      const before = portsOf(server.pid);
      expect((await leaks(...small, '--url', server.url, '--pid', String(server.pid))).code).toBe(
        exitCodes.success,
      );
      await expect.poll(() => portsOf(server.pid)).toEqual(before);
      await server.stop();
    },
  );

  test('Ctrl-C while the inspector opens closes it again', async () => {
    const server = await running(clean, ['--inspect-port=127.0.0.1:0']);
    const before = portsOf(server.pid);
    const controller = new AbortController();
    const inspecting = inspectProcess(server.pid, {
      ...plainInspection,
      signal: controller.signal,
    });
    await expect.poll(() => portsOf(server.pid), { interval: 1 }).not.toEqual(before);
    controller.abort();
    const inspection = await inspecting.catch(() => undefined);
    await inspection?.end();
    await expect.poll(() => portsOf(server.pid)).toEqual(before);
    await server.stop();
  });

  test.each<[string, string[], RegExp]>([
    [
      'handles the signal itself',
      [
        '-e',
        'process.on("SIGUSR1", () => {}); require("http").createServer(() => {}).listen(PORT)',
      ],
      /did not open its inspector within 10 s/,
    ],
    [
      'disables the signal',
      ['--disable-sigusr1', '-e', 'require("http").createServer(() => {}).listen(PORT)'],
      /has no handler for SIGUSR1/,
    ],
    [
      'would open its inspector to the network',
      ['--inspect-port=0.0.0.0:0', '-e', 'require("http").createServer(() => {}).listen(PORT)'],
      /would open its inspector, which is a debugger, at 0\.0\.0\.0, where other machines can reach it/,
    ],
  ])('a server that %s is inspected only if a command starts it', async (_what, words, reason) => {
    const port = await freePort();
    const { child, ended } = start(words.map((word) => word.replace('PORT', String(port))));
    await expect.poll(() => processesOn(port)).toEqual([child.pid]);
    const { code, stdout, stderr } = await leaks(
      ...small,
      '--url',
      urlAt(port),
      '--pid',
      String(child.pid),
    );
    expect(stdout).toMatch(/^NOT INSPECTED .*: /);
    expect(stdout).toMatch(reason);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(exitCodes.invalid);
    child.kill('SIGKILL');
    await ended;

    const free = await freePort();
    const answers =
      'createServer((_, res) => { res.writeHead(200, { "Content-Type": "text/event-stream" }); const timer = setInterval(() => res.write("data: 1\\n\\n"), 50); res.on("close", () => clearInterval(timer)); })';
    const command = words.map((word) =>
      word.replace('createServer(() => {})', answers).replace('PORT', String(free)),
    );
    expect(
      await leaks(...small, '--url', urlAt(free), '--', process.execPath, ...command),
    ).toMatchObject({
      code: exitCodes.success,
      stdout: expect.stringContaining('(inspected with V8’s inspector)'),
    });
  });

  test('a process that does not serve the streams is not inspected', async () => {
    const server = await running(leaky);
    const launcher = start(['--inspect-port=127.0.0.1:0', '-e', 'setInterval(() => {}, 1000)']);
    const { code, stdout } = await leaks(
      ...small,
      '--url',
      server.url,
      '--pid',
      String(launcher.child.pid),
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.invalid,
      stdout: expect.stringMatching(
        /5 streams opened, but the inspected process has no new connection/,
      ),
    });
    launcher.child.kill('SIGKILL');
    await server.stop();
  });

  test('a process without a known inspector is observed from outside, and gets no signal', async () => {
    const shell = spawn('/bin/sh', ['-c', "trap 'exit 9' USR1; while :; do sleep 0.1; done"], {
      stdio: 'ignore',
    });
    const inspection = await inspectProcess(shell.pid!, {
      ...plainInspection,
      signal: new AbortController().signal,
    });
    expect(inspection).toMatchObject({
      kind: 'outside',
      why: expect.stringContaining(
        'is neither Node nor Deno; if it has a V8 inspector, use --inspection inspector',
      ),
    });
    await inspection.end();
    shell.kill('SIGKILL');
    expect(await once(shell, 'close')).toEqual([null, 'SIGKILL']);
  });

  test('a server whose inspector port is taken is not inspected', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const server = await running(clean, [
      `--inspect-port=127.0.0.1:${(taken.address() as AddressInfo).port}`,
    ]);
    const { code, stdout } = await leaks(
      ...small,
      '--url',
      server.url,
      '--pid',
      String(server.pid),
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.invalid,
      stdout: expect.stringContaining('its port is in use'),
    });
    await server.stop();
    taken.close();
  });
});

test('Ctrl-C ends the check at once, and leaves no process running', async () => {
  const port = await freePort();
  const { child, output, ended } = start([
    cli,
    'leaks',
    '--modes',
    'close',
    '--url',
    urlAt(port),
    '--',
    process.execPath,
    leaky,
    '--port',
    String(port),
  ]);
  await expect.poll(() => processesWith(`SSEBENCH_TEST=${marker}`).length).toBeGreaterThan(2);
  child.kill('SIGINT');
  expect((await ended).code).toBe(exitCodes.interrupted);
  expect(output.stdout).toBe('');
});

test
  .skipIf(whyNoOwnNetwork({ kind: 'reference', file: clean, waitsForDrain: true }) !== undefined)
  .each([
    ['Ctrl-C', 'SIGINT', exitCodes.interrupted],
    ['kill -9', 'SIGKILL', null],
  ] as const)(
  '%s during a check in a separate network leaves no process running',
  async (_what, signal, expected) => {
    const { child, ended } = start([cli, 'leaks', 'node-http', '--modes', 'half-open']);
    await expect.poll(() => processesWith(`SSEBENCH_TEST=${marker}`).length).toBeGreaterThan(3);
    child.kill(signal);
    expect((await ended).code).toBe(expected);
  },
);

test('a leak in compiled code is reported with its source line', async () => {
  writeFileSync(
    join(folder, 'server.js'),
    `require('http').createServer((_, res) => { res.writeHead(200, { 'content-type': 'text/event-stream' }); setInterval(() => res.write('data: 1\\n\\n'), 50); }).listen(process.argv[2]);\n//# sourceMappingURL=server.js.map\n`,
  );
  // The source map assigns everything in the first line to line 40 of the source; ",uCAAuC" encodes
  // that.
  writeFileSync(
    join(folder, 'server.js.map'),
    JSON.stringify({ version: 3, sources: ['src/server.ts'], names: [], mappings: 'AAuCA' }),
  );
  const port = await freePort();
  const { stdout } = await leaks(
    ...small,
    ...soon,
    '--url',
    urlAt(port),
    '--',
    process.execPath,
    'server.js',
    String(port),
  );
  expect(stdout).toContain('setInterval 50 ms at src/server.ts:40');
});

describe('bad input', () => {
  let commands: CommandProcess;
  beforeAll(() => {
    commands = startCommandProcess();
  });
  afterAll(() => commands.end());

  const foreignPid = 1;
  test.each<[string, string[], string[]]>([
    [
      'a URL alone',
      ['--url', 'http://127.0.0.1:1/'],
      [
        '--url: ssebench also needs the server’s process; add --pid <pid>, or -- and the command that starts the server',
      ],
    ],
    [
      'a URL among names',
      ['http://127.0.0.1:1/'],
      [
        'http://127.0.0.1:1/: a URL is not enough, because ssebench inspects the server’s process; write --url http://127.0.0.1:1/ with --pid <pid>, or with -- and the command that starts the server',
      ],
    ],
    [
      'a command alone',
      ['--', 'node', 'x.js'],
      [
        '--url is missing: give the URL of the server’s stream, such as --url http://127.0.0.1:3000/event',
      ],
    ],
    [
      'a command that does not exist',
      ['--url', 'http://127.0.0.1:1/', '--', 'no-such-program'],
      ['-- no-such-program: no such program in PATH; check its name, or give its path'],
    ],
    [
      'a pid without a process',
      ['--url', 'http://127.0.0.1:1/', '--pid', '4194304'],
      ['--pid 4194304: no such process; start the server first'],
    ],
    [
      'a URL and a pid that are none',
      ['--url', 'x', '--pid', 'y'],
      [
        '--url x: must be a URL that begins with http:// or https://',
        '--pid y: must be a process id, such as --pid 4711',
      ],
    ],
    [
      'a pid with a command',
      ['--url', 'http://127.0.0.1:1/', '--pid', String(process.pid), '--', 'node'],
      [
        '--pid is for a server that already runs, and the command after -- starts one; leave out one of them',
      ],
    ],
    [
      'a name with a URL',
      ['express', '--url', 'http://127.0.0.1:1/', '--', 'node'],
      ['express: cannot be combined with your own server (--url); leave out one of them'],
    ],
    [
      'an unknown disconnect mode',
      ['--modes', 'close,polite'],
      [
        '--modes close,polite: must be “all”, or a list of close, reset, early, post, kill, random, half-close, blocked, stop-reading, hold, half-open, such as --modes close,reset',
      ],
    ],
    ['a misspelt option', ['--stream', '5'], ['--stream: no such option; did you mean --streams?']],
    [
      'a body that is not JSON',
      ['--url', 'http://127.0.0.1:1/', '--body', '{', '--', 'node'],
      [
        '--body hidden: begins like JSON, but is not valid JSON; correct it, or give its type in a header, such as Content-Type: text/plain',
      ],
    ],
    [
      'a method that reference servers do not accept',
      ['express', '--method', 'POST'],
      [
        '--method POST: reference servers accept only GET; leave it out, or check your own server instead of them',
      ],
    ],
    [
      'the probe for a running server',
      [
        '--url',
        'http://127.0.0.1:1/',
        '--pid',
        String(process.pid),
        '--trace',
        '--inspection',
        'outside',
      ],
      [
        '--trace: needs a server that ssebench starts, because the probe is loaded at startup; give the server’s command, or leave out --trace',
        '--trace: needs the inspector; leave out --trace, or --inspection outside',
      ],
    ],
    [
      'a negative share',
      ['--max-leaked-per-disconnect', '-1'],
      [
        '--max-leaked-per-disconnect -1: must be a number of 0 or more, such as --max-leaked-per-disconnect 0.1',
      ],
    ],
  ])('%s is refused', async (_what, words, complaints) => {
    const { code, stdout, stderr } = await commands.run({ words: ['leaks', ...words], folder });
    expect(stderr).toBe(
      `Error: invalid input; nothing was started:\n${complaints.map((complaint) => `  ${complaint}\n`).join('')}`,
    );
    expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
  });

  test.skipIf(process.getuid?.() === 0)('a process of another user is refused', async () => {
    const { code, stderr } = await leaks(
      '--url',
      'http://127.0.0.1:1/',
      '--pid',
      String(foreignPid),
    );
    expect({ code, stderr }).toEqual({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('belongs to another user'),
    });
  });
});
