import { expect, test } from 'vitest';
import { fromOutside } from '../scenario/scenario.ts';
import { pidsOf, type Finders } from './pinning.ts';

/** Process 7 has started 8. A cluster of 20 and its worker 21 listens on port 80. */
const machine: Finders = {
  on: (port) => (port === 80 ? [20] : []),
  from: (pid) => (pid === 7 ? [8] : []),
  workers: (pid) => (pid === 20 ? [21] : []),
};
const web = fromOutside('web', 'http://localhost/', null);

test('the processes of a running server are those that listen, and the workers of a cluster', () => {
  expect(pidsOf(web, machine)).toEqual([20, 21]);
  expect(pidsOf({ ...web, url: 'http://localhost:3000/' }, machine)).toEqual([]);
});

test('the processes of a given pid include its descendants', () => {
  const given = { ...web, process: { kind: 'pid', pid: 7 } } as const;
  expect(pidsOf(given, machine)).toEqual([7, 8, 20, 21]);
  // With a Unix socket, the port of the URL means nothing.
  const onSocket = { ...given, request: { ...web.request, socketPath: '/run/web' } };
  expect(pidsOf(onSocket, machine)).toEqual([7, 8]);
});
