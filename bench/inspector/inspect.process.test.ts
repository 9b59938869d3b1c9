import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fixture } from '../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../tests/fixtures/helpers/watch-children.ts';
import { portsOf } from '../system/sockets.ts';
import { attachByLifeline } from './attach.ts';
import { openInspector } from './inspect.ts';
import { createLifelines } from './lifelines.ts';
import { startServer } from '../under-test/server.ts';

const ourChildren = watchChildren();
nothingLeftRunning(ourChildren);

test('calls fail at once after the process has died', async () => {
  const server = await startServer(fixture('wrong'), undefined);
  const inspector = await openInspector(server.inspectorUrl);
  expect(await inspector.call(() => 1 + 1)).toBe(2);
  const inFlight = inspector.call(() => {
    const end = Date.now() + 60_000;
    while (Date.now() < end);
  });
  process.kill(server.pid, 'SIGKILL');
  await expect(inFlight).rejects.toThrow('the inspector closed the session');
  await expect(inspector.call(() => 1 + 1)).rejects.toThrow('the inspector closed the session');
  await expect(openInspector(server.inspectorUrl)).rejects.toThrow('no inspector at');
  await server.exited;
});

test('an open session does not keep a process from ending', async () => {
  const server = await startServer(fixture('wrong'), undefined);
  const inspector = await openInspector(server.inspectorUrl);
  await inspector.call(() => void setTimeout(() => process.exit(7)));
  expect(await server.exited).toMatchObject({ code: 7 });
  await expect(inspector.call(() => 1 + 1)).rejects.toThrow('the inspector closed the session');
});

test('a process survives if ssebench disconnects as soon as its inspector is open', async () => {
  const preload = fileURLToPath(new URL('open-inspector.cjs', import.meta.url));
  const { signal } = new AbortController();
  // Without the pause before closing its inspector, Node 26 crashed in one of four tries.
  for (let tries = 0; tries < 15; tries++) {
    const lifelines = await createLifelines();
    const child = spawn(
      process.execPath,
      ['--require', preload, '-e', 'setInterval(() => {}, 9)'],
      {
        env: { ...process.env, SSEBENCH_LIFELINE: lifelines.key },
        stdio: 'ignore',
      },
    );
    const exited = once(child, 'exit');
    const lifeline = await lifelines.of(child.pid!, 60_000, signal);
    const { inspector } = await attachByLifeline(lifeline!);
    lifelines.close();
    await inspector.close();
    await expect.poll(() => portsOf(child.pid!)).toEqual([]);
    child.kill('SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  }
});
