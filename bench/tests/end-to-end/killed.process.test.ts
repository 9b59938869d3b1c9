/**
 * `kill -9` of `ssebench leaks` at several moments: no process that its command has started may
 * survive.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'vitest';
import { freePort, inspectorAnywhere } from '../fixtures/helpers/free-port.ts';
import { processesNamed } from '../fixtures/helpers/processes-named.ts';
import { processesOn } from '../../system/sockets.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const node = process.execPath;
const started = (file: string) => `${node} ${inspectorAnywhere} ${file}`;
const times = { interval: 20 };
/** Tests that run at the same time need the functions of their own context. */
type Test = Pick<TestContext, 'expect' | 'onTestFinished'>;

/** Starts a check of a server that a command starts, in a separate folder. */
async function checking(commandOf: (server: string) => string[], { expect, onTestFinished }: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  const port = await freePort();
  const file = `server-${port}.mjs`;
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ scripts: { start: started(file) } }),
  );
  // The server ignores SIGTERM, so an orderly end takes 2 s.
  writeFileSync(
    join(folder, file),
    `
    import { createServer } from 'node:http';
    process.on('SIGTERM', () => {});
    createServer((_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const timer = setInterval(() => res.write('data: tick\\n\\n'), 20);
      res.on('close', () => clearInterval(timer));
    }).listen(${port}, '127.0.0.1');`,
  );
  const words = [
    'leaks',
    '--streams',
    '10',
    '--modes',
    'close,reset',
    '--url',
    `http://127.0.0.1:${port}/`,
    '--',
    ...commandOf(started(file)),
  ];
  const child = spawn(node, [cli, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const ended = once(child, 'exit');
  const left = () => processesNamed(file).filter((pid) => pid !== child.pid);
  onTestFinished(() => {
    for (const pid of left()) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });
  /** Another test may take the port of a server that has ended. */
  const listening = () => processesOn(port).filter((pid) => folderOf(pid) === folder);
  return { child, left, listening, port, ended, stderr: () => stderr, expect };
}

/** @returns the working directory, or `undefined` if the process has ended */
function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

type Checking = Awaited<ReturnType<typeof checking>>;

/** Each waits for its moment, and returns whether a busy machine reached it. */
const moments: Record<string, (check: Checking) => Promise<boolean>> = {
  'as soon as its process exists': async ({ left, expect }) => {
    await expect.poll(() => left().length, times).toBeGreaterThan(0);
    return true;
  },
  'while clients connect and disconnect': async ({ port, expect }) => {
    await expect.poll(() => processesOn(port).length, times).toBe(1);
    await sleep(1_000);
    return true;
  },
  'while ssebench stops it': async ({ child, port, stderr, expect }) => {
    await expect.poll(() => processesOn(port).length, times).toBe(1);
    child.kill('SIGINT');
    await expect.poll(stderr, times).toContain('Stopping');
    // By then the command has received SIGTERM, and ssebench waits for the server.
    await sleep(1_300);
    return child.exitCode === null && processesOn(port).length === 1;
  },
};

const commands: Record<string, (server: string) => string[]> = {
  'npm start': () => ['npm', 'start'],
  'a shell': (server) => ['sh', '-c', `${server}; true`],
  'a shell that detaches it': (server) => ['sh', '-c', `(setsid ${server} &); sleep 30`],
  'a shell that clears its environment': (server) => ['sh', '-c', `setsid env -i ${server} & wait`],
};

// These tests mostly wait.
test.concurrent.for(
  Object.keys(commands).flatMap((command) =>
    Object.keys(moments).map((moment) => [command, moment] as const),
  ),
)(
  'a server started by %s does not survive a kill -9 of ssebench %s',
  async ([command, moment], context) => {
    const { expect } = context;
    const attempts = 5;
    let check: Checking;
    for (let n = 1; ; n++) {
      check = await checking(commands[command]!, context);
      if (await moments[moment]!(check)) break;
      await check.ended;
      expect(n).toBeLessThan(attempts);
    }
    check.child.kill('SIGKILL');
    expect(await check.ended).toEqual([null, 'SIGKILL']);
    await expect.poll(check.left, times).toEqual([]);
    expect(check.listening()).toEqual([]);
  },
);
