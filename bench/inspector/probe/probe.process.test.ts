import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('probe.cjs', import.meta.url));

/** The output of a program that runs with the probe. */
const run = (code: string) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--require',
        probe,
        '--input-type=module',
        '-e',
        `import { setInterval } from 'node:timers/promises';\n${code}`,
      ],
      { encoding: 'utf8' },
    ),
  ) as unknown;

test('a loop over an interval counts as one timer', () => {
  const rounds = `
    const say = () => console.log(JSON.stringify([count, globalThis[Symbol.for('ssebench.probe')].rememberedSleeps()]));
    let count = 0;
    for await (const value of setInterval(1, 'tick')) {
      if (value !== 'tick') throw new Error(value);
      if (++count === 50) break;
    }
    say();`;
  expect(run(rounds)).toEqual([50, 1]);
});

test('the creator of what Node itself holds is recorded', () => {
  const creations = `
    import { EventEmitter, on, once } from 'node:events';
    import { spawn } from 'node:child_process';
    import { closeSync, createReadStream, openSync, watch } from 'node:fs';
    import { open } from 'node:fs/promises';
    import { connect, createServer, Socket } from 'node:net';
    import { MessageChannel, Worker } from 'node:worker_threads';
    const { creatorOf, openFiles } = globalThis[Symbol.for('ssebench.probe')];
    function here() {
      const bus = new EventEmitter();
      on(bus, 'a');
      once(bus, 'b').catch(() => {});
      const gone = new AbortController().signal;
      const listens = () => {};
      gone.addEventListener('abort', listens);
      const { port1 } = new MessageChannel();
      return {
        on: bus.listeners('a')[0],
        once: bus.listeners('b')[0],
        listens,
        port1,
        child: spawn(process.execPath, ['--version'], { stdio: 'ignore' }),
        worker: new Worker('', { eval: true }),
        stream: createReadStream(process.execPath),
        watcher: watch('.'),
        socket: connect(server.address().port, '127.0.0.1'),
      };
    }
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const created = here();
    const handle = await open(process.execPath);
    created.handle = handle;
    const file = openSync(process.execPath);
    const missing = Object.entries(created).filter(([, object]) => !creatorOf(object)?.includes('[eval1]')).map(([name]) => name);
    const opened = openFiles().some(([number]) => number === file);
    closeSync(file);
    const stillOpen = openFiles().some(([number]) => number === file);
    await handle.close();
    console.log(JSON.stringify({ missing, opened, stillOpen }));
    process.exit();`;
  expect(run(creations)).toEqual({ missing: [], opened: true, stillOpen: false });
});

test('the program keeps its errors, and gets none of the probe', () => {
  const unusual = `
    import { EventEmitter } from 'node:events';
    import { closeSync, openSync } from 'node:fs';
    import { open } from 'node:fs/promises';
    let unhandled = 0;
    process.on('unhandledRejection', () => unhandled++);
    open('/missing/file');
    const bus = new EventEmitter();
    bus.on('a', Object.assign(() => {}, { listener: 1 }));
    bus.on('b', new Proxy(() => {}, { getOwnPropertyDescriptor() { throw new Error('theirs'); } }));
    Error.prepareStackTrace = () => { throw new Error('theirs'); };
    setTimeout(() => {}, 1);
    Error.prepareStackTrace = () => { closeSync(openSync(process.execPath)); return []; };
    setTimeout(() => {}, 1);
    Error.prepareStackTrace = undefined;
    delete Error.stackTraceLimit;
    bus.on('c', () => {});
    const limits = Object.hasOwn(Error, 'stackTraceLimit');
    Object.freeze(Error);
    bus.on('d', () => {});
    process.on('exit', () => console.log(JSON.stringify({ unhandled, limits })));`;
  expect(run(unusual)).toEqual({ unhandled: 1, limits: false });
});

test('a file that something else has closed is not open', () => {
  const closed = `
    import { openSync } from 'node:fs';
    import { ReadStream } from 'node:tty';
    const { openFiles } = globalThis[Symbol.for('ssebench.probe')];
    const terminal = new ReadStream(openSync('/dev/ptmx', 'r+'));
    const before = openFiles().length;
    terminal.on('close', () => console.log(JSON.stringify([before, openFiles().length])));
    terminal.destroy();`;
  expect(run(closed)).toEqual([1, 0]);
});
