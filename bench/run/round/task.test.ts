import { expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import { fromOutside } from '../../scenario/scenario.ts';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import type { RoundContext } from './context.ts';
import { taskFor } from './task.ts';

test.each<[string, Partial<RequestOptions>, boolean]>([
  ['http://127.0.0.1:3000/', {}, true],
  ['http://127.0.0.1:3000/', { followsRedirects: true }, true],
  ['http://127.0.0.1:3000/', { followsRedirects: true, mayLeaveMachine: true }, false],
  ['http://example.com/', {}, false],
  ['http://example.com/', { socketPath: '/run/it.sock' }, true],
])('delivery from %s with %o is measured only on one clock', (url, options, sameClock) => {
  const server = { ...fromOutside('it', url, null), request: { ...plainRequest, ...options } };
  const context = {
    scenario: steady,
    limits: { descriptors: 20_000, ports: 28_000 },
    world: { clock: { nowNs: () => 0 } } as RoundContext['world'],
  };
  expect(taskFor(server, 1, undefined, context)).toMatchObject({ sameClock });
});
