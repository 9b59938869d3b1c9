import { expect, test } from 'vitest';
import { fixture } from '../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../tests/fixtures/helpers/watch-children.ts';
import { openInspector } from './inspect.ts';
import { startServer } from '../under-test/server.ts';

const ourChildren = watchChildren();
nothingLeftRunning(ourChildren);

test('of a process that has died nothing waits for an answer', async () => {
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
  await expect(openInspector(server.inspectorUrl)).rejects.toThrow('no inspector answers');
  await server.exited;
});

test('a process that ends does not wait for us', async () => {
  const server = await startServer(fixture('wrong'), undefined);
  const inspector = await openInspector(server.inspectorUrl);
  await inspector.call(() => void setTimeout(() => process.exit(7)));
  expect(await server.exited).toMatchObject({ code: 7 });
  await expect(inspector.call(() => 1 + 1)).rejects.toThrow('the inspector closed the session');
});
