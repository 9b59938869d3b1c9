import { expect, test } from 'vitest';
import { openedIn } from './upstreams.ts';

const row = (inode: string, localPort: number, remote: string, listens = false) => ({
  inode,
  localPort,
  remote,
  listens,
});

test('connections that this machine has opened have their addresses', () => {
  const table = [
    row('1', 3000, '00000000:0000', true),
    row('2', 3000, '0100007F:C001'), // a client has opened it
    row('3', 50_001, '0100007F:2328'),
    row('4', 50_002, '00000000000000000000000001000000:1538'),
  ];
  expect(openedIn(table)).toEqual([
    { id: '3', localPort: 50_001, address: '127.0.0.1:9000' },
    { id: '4', localPort: 50_002, address: '[::1]:5432' },
  ]);
});
