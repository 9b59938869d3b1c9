import { expect, test } from 'vitest';
import { serverPortsAmong } from './server-ports.ts';

const on = (loop: string, ...ports: number[]) => ports.map((port) => ({ port, loops: [loop] }));

test.each([
  ['all ports of the program', [...on('15', 3_001, 3_000)], 9229, [3_000, 3_001]],
  ['not an inspector at its usual port', [...on('15', 3_000), ...on('22', 9_229)], 9229, [3_000]],
  ['not an inspector at a port of the options', [...on('20', 9_300), ...on('15', 80)], 9300, [80]],
  ['not an inspector at any port', [...on('20', 33_531), ...on('15', 34_729)], 0, [34_729]],
  ['a server at the usual port of inspectors', on('15', 9_229), 9229, [9_229]],
  ['that server beside an inspector', [...on('15', 9_229), ...on('22', 9_300)], 9300, [9_229]],
  ['a server in a thread', [...on('15', 3_000), ...on('22', 3_001)], 9229, [3_000, 3_001]],
  ['one port of two addresses', on('15', 3_000, 3_000), 9229, [3_000]],
])('finds %s', (_, listeners, inspectorPort, ports) =>
  expect(serverPortsAmong(listeners, inspectorPort)).toEqual(ports),
);
