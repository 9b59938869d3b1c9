import { expect, test } from 'vitest';
import { endpointOf, type Endpoint } from './endpoint.ts';
import { untilReady } from './ready.ts';

test('a text that the command has not printed is shown without its secrets', async () => {
  const readyWhen = 'listening with token=abc';
  const never = new Promise<void>(() => {});
  const { signal } = new AbortController();
  await expect(
    untilReady(endpointOf('http://127.0.0.1:9/'), { readyWhen, readyWithinMs: 1 }, never, signal),
  ).rejects.toThrow(
    'the command has not printed “listening with token=hidden” after 0.001 s; check the text of readyWhen',
  );
});

test('a server that prints its text before it listens is ready when it listens', async () => {
  const answers = [false, true];
  const endpoint: Endpoint = {
    words: 'port 1',
    port: 1,
    isOpen: async () => answers.shift()!,
    listeners: () => [],
    clear: async () => {},
    connections: () => ({ open: 0, all: 0 }),
  };
  const readiness = { readyWhen: 'ready', readyWithinMs: 50 };
  await untilReady(endpoint, readiness, Promise.resolve(), new AbortController().signal);
  expect(answers).toEqual([]);
});
