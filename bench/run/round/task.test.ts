import { expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import { fromOutside } from '../../scenario/scenario.ts';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import type { RoundContext } from './context.ts';
import { taskFor } from './task.ts';

const context = (streams: number) => ({
  scenario: { ...steady, streams, quietStreams: 0 },
  limits: { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 },
  world: { clock: { nowNs: () => 0 } } as RoundContext['world'],
});

test.each<[string, Partial<RequestOptions>, number]>([
  ['one connection each', {}, 1],
  ['up to eleven, with redirects', { followsRedirects: true }, 6],
  ['none, on a Unix socket', { followsRedirects: true, socketPath: '/run/it.sock' }, 1],
])('local addresses are enough for 3,000 streams with %s', (_what, options, count) => {
  const request = { ...plainRequest, ...options };
  const server = { ...fromOutside('it', 'http://127.0.0.1/', null), request };
  expect(taskFor(server, 1, undefined, context(3_000)).localAddresses).toHaveLength(count);
});

test.each<[string, Partial<RequestOptions>, boolean]>([
  ['http://127.0.0.1:3000/', {}, true],
  ['http://127.0.0.1:3000/', { followsRedirects: true }, true],
  ['http://127.0.0.1:3000/', { followsRedirects: true, mayLeaveMachine: true }, false],
  ['http://example.com/', {}, false],
  ['http://example.com/', { socketPath: '/run/it.sock' }, true],
])('delivery from %s with %o is measured only on one clock', (url, options, sameClock) => {
  const server = { ...fromOutside('it', url, null), request: { ...plainRequest, ...options } };
  expect(taskFor(server, 1, undefined, context(1))).toMatchObject({ sameClock });
});
