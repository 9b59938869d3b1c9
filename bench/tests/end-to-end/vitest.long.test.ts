/** The matcher as users' tests use it: on a server in the same process, and on a command. */
import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import '../../vitest.ts';
import { findLeaks } from '../../index.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren());

const small = { modes: ['close'], streams: 10, events: 1, deadline: '500ms' } as const;
const slow = 300_000;
let server: Server | undefined;
const timers: NodeJS.Timeout[] = [];

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/event`;
}
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  for (const timer of timers.splice(0)) clearInterval(timer);
});

const eventStream = { 'Content-Type': 'text/event-stream' };

describe('a server in the process of the test', () => {
  test(
    'a server that releases its streams passes',
    async () => {
      const url = await serve((_req, res) => {
        res.writeHead(200, eventStream).flushHeaders();
        const timer = setInterval(() => res.write('data: 1\n\n'), 20);
        res.on('close', () => clearInterval(timer));
      });
      // The test of the package tries all usual modes.
      await expect(url).toReleaseStreams({ ...small, modes: ['close', 'kill'] });
    },
    slow,
  );

  test(
    'a leaking server fails, with the line of the leak',
    async () => {
      const url = await serve((_req, res) => {
        res.writeHead(200, eventStream).flushHeaders();
        timers.push(setInterval(() => res.write('data: 1\n\n'), 20)); // the expected line
      });
      const line = new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1];
      await expect(expect(url).toReleaseStreams(small)).rejects.toThrow(
        new RegExp(
          `LEAK {2}graceful close: 1\\.00 timers per disconnect \\((\\d+) after \\1 disconnects\\): setInterval 20 ms at bench/tests/end-to-end/vitest\\.long\\.test\\.ts:${Number(line) - 2},`,
        ),
      );
    },
    slow,
  );

  test(
    'a forgotten listener is found in each of several modes',
    async () => {
      const ticker = new EventEmitter().setMaxListeners(0);
      timers.push(setInterval(() => ticker.emit('tick'), 20));
      const url = await serve((_req, res) => {
        res.writeHead(200, eventStream).flushHeaders();
        ticker.on('tick', () => res.write('data: 1\n\n'));
      });
      const { state, inspection, modes } = await findLeaks(
        { url },
        {
          ...small,
          modes: ['close', 'early'],
        },
      );
      expect({ state, inspection }).toEqual({ state: 'leaking', inspection: 'inspector' });
      const leaks = [{ kind: 'listener', perDisconnect: 1, what: "listener of 'tick'" }];
      expect(modes).toMatchObject([
        { mode: 'close', leaks },
        { mode: 'early', leaks },
      ]);
    },
    slow,
  );

  test('a missing server is neither clean nor leaking', async () => {
    await expect(expect('http://127.0.0.1:1/').not.toReleaseStreams(small)).rejects.toThrow(
      'NOT INSPECTED  http://127.0.0.1:1/: this process does not listen on port 1',
    );
  });
});

test(
  'a leaking server started by a command fails',
  async () => {
    const file = fileURLToPath(
      new URL('../../../servers/faulty/never-cleared.ts', import.meta.url),
    );
    const port = await freePort();
    const app = {
      url: `http://127.0.0.1:${port}/event?interval=20`,
      command: [process.execPath, file, '--port', String(port)],
    };
    await expect(expect(app).toReleaseStreams(small)).rejects.toThrow(
      /never-cleared\.ts:11, not released/,
    );
    await expect(app).not.toReleaseStreams(small);
  },
  slow,
);

test('settings with wrong types are refused at run time', async () => {
  const settings = { streems: 5 } as object;
  await expect(
    findLeaks(
      { url: 'http://127.0.0.1:1/', command: 'node x.js' as unknown as string[] },
      settings,
    ),
  ).rejects.toThrow(
    /^streems: unknown setting; did you mean streams\?\ncommand: must be an array of strings, such as \['node', 'dist\/server\.js'\]$/,
  );
});

test('bad settings are refused with all complaints at once', async () => {
  await expect(
    findLeaks({ url: 'nowhere', pid: 4_194_304 }, { streams: 0, deadline: 'soon' as '1s' }),
  ).rejects.toThrow(
    /^url nowhere: must be a URL.*\npid 4194304: no such process; start the server first\nstreams 0: must be a whole number.*\ndeadline 'soon': must be a duration/,
  );
});

test(
  'a time limit in the settings overrides that of the test',
  async () => {
    const url = await serve((_req, res) => void res.writeHead(200, eventStream).flushHeaders());
    await expect(expect(url).toReleaseStreams({ ...small, within: '10ms' })).rejects.toThrow(
      'the time limit of 0.0 s was reached; modes not finished: graceful close; allow more time, or choose fewer modes',
    );
  },
  slow,
);
