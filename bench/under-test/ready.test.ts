import { expect, test } from 'vitest';
import { endpointOf } from './endpoint.ts';
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
