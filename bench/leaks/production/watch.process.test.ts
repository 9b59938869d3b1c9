/**
 * Watches real servers whose clients connect and disconnect. The time between inspections is
 * simulated: while it passes, the clients come and go.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../../servers/faulty/catalog.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { watchLineSchema, type WatchLine } from '../../result/watch-result.ts';
import { portsOf } from '../../system/sockets.ts';
import { exitCodeOfWatch } from '../../verdict/exit-code.ts';
import { inspectionsToJudge } from '../../verdict/steady-growth.ts';
import { watchProcess } from './watch.ts';
import { watchedProcess, whyNotWatched } from './watched-process.ts';

const fileOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** @param inspector an option of Node; any free port, because other tests use the usual one */
async function start(file: string, inspector: string) {
  const child = spawn(process.execPath, [inspector, file, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: child.pid!, port: Number(/port (\d+)/.exec(String(text))![1]) };
}
const [open, closed] = ['--inspect=127.0.0.1:0', '--inspect-port=127.0.0.1:0'];

/** Opens a stream, and waits for the first bytes of the response. */
async function client(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write('GET /event?interval=10 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

const others = { tolerated: 0.05, isIgnored: () => false, snapshot: false };
/** Clients that disconnect between two inspections. */
const clients = 12;

interface Watching {
  inspections: number;
  /** Called between inspections. */
  meanwhile: () => void;
}

async function watched(
  { pid, port }: { pid: number; port: number },
  { meanwhile = () => {}, inspections = inspectionsToJudge }: Partial<Watching> = {},
) {
  const server = watchedProcess(pid);
  const lines: WatchLine[] = [];
  let nowMs = 0;
  const options = { everyMs: 1_000, forMs: undefined, inspections, ...others };
  const end = await watchProcess(server, options, {
    time: {
      nowMs: () => nowMs,
      async sleep(ms) {
        nowMs += ms;
        const sockets = await Promise.all(Array.from({ length: clients }, () => client(port)));
        server.connections.sample();
        await Promise.all(sockets.map((socket) => once(socket.destroy(), 'close')));
        meanwhile();
      },
    },
    date: () => new Date(nowMs),
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  });
  return { lines, end };
}

describe('watching', () => {
  test('alarms for a timer of each disconnected client', async () => {
    const fault = faults['never-cleared']!;
    const { lines, end } = await watched(await start(fault.file, open));
    expect(lines.map((line) => watchLineSchema.parse(line))).toEqual(lines);
    const alarms = lines.filter(({ type }) => type === 'alarm');
    expect(alarms).toEqual([
      expect.objectContaining({
        kind: 'timer',
        place: expect.objectContaining({
          file: 'servers/faulty/never-cleared.ts',
          line: fault.line,
        }),
        held: 6 * clients,
        grown: 6 * clients,
        disconnects: 6 * clients,
        perDisconnect: 1,
        docs: 'docs/fix-leaks.md#timers',
      }),
    ]);
    expect(end).toMatchObject({ because: 'limit', isJudged: true, disconnects: 6 * clients });
    expect(exitCodeOfWatch(end)).toBe(exitCodes.leaking);
  });

  test('closes the inspector after each inspection', async () => {
    const server = await start(faults['never-cleared']!.file, closed);
    const ports: number[][] = [];
    const meanwhile = () => void ports.push(portsOf(server.pid));
    const { lines } = await watched(server, { inspections: 2, meanwhile });
    expect(lines[1]).toMatchObject({ type: 'inspection', inspectorWasOpen: false });
    expect([...ports, portsOf(server.pid)]).toEqual([[server.port], [server.port]]);
  });

  test.runIf(process.geteuid?.() === 0)('refuses a process of another user', async () => {
    const child = spawn('sleep', ['60'], { uid: 65_534, stdio: 'ignore' });
    started.push(child);
    expect(whyNotWatched(child.pid!)).toBe(
      `process ${child.pid} belongs to user 65534, and ssebench runs as user 0; run it as user 65534`,
    );
  });

  test('refuses a process that is not Node', () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    started.push(child);
    expect(whyNotWatched(child.pid!)).toContain('which is neither Node nor Deno');
  });

  test('refuses a process without a port', () =>
    expect(whyNotWatched(process.pid)).toMatch(/does not listen on a TCP port/));

  describe('a clean server whose inspector is already open', () => {
    let server: Awaited<ReturnType<typeof start>>;
    let before: number[] = [];
    beforeAll(async () => {
      server = await start(fileOf('servers/express.ts'), open);
      before = portsOf(server.pid);
    });

    test('raises no alarm, and keeps its inspector', async () => {
      const { lines, end } = await watched(server);
      expect(lines.map(({ type }) => type)).toEqual([
        'start',
        ...Array.from({ length: inspectionsToJudge }, () => 'inspection'),
        'end',
      ]);
      expect(lines[1]).toMatchObject({ inspectorWasOpen: true });
      expect(end).toMatchObject({ because: 'limit', isJudged: true, disconnects: 6 * clients });
      expect(exitCodeOfWatch(end)).toBe(exitCodes.success);
      expect(portsOf(server.pid)).toEqual(before);
    });

    test('is no longer watched after Ctrl-C', async () => {
      const words = ['watch', '--pid', String(server.pid), '--json'];
      const child = spawn(process.execPath, [fileOf('bench/cli.ts'), ...words], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      started.push(child);
      let output = '';
      let isInterrupted = false;
      child.stdout.on('data', (text) => {
        output += text;
        // A second signal would end the process at once.
        if (isInterrupted || !output.includes('"type":"inspection"')) return;
        isInterrupted = child.kill('SIGINT');
      });
      const [code] = (await once(child, 'close')) as [number];
      const lines = output.trim().split('\n');
      expect(lines.map((line) => watchLineSchema.parse(JSON.parse(line)))).toMatchObject([
        { type: 'start', pid: server.pid, ports: [server.port] },
        { type: 'inspection', number: 1, inspectorWasOpen: true },
        { type: 'end', because: 'interrupted', inspections: 1, alarms: [] },
      ]);
      expect(code).toBe(exitCodes.success);
      expect(portsOf(server.pid)).toEqual(before);
    });
  });
});
