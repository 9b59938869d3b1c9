/** The sockets of this process, and of a child. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectionsOf, openDescriptors, queuesAt } from './sockets.ts';

const sockets: Socket[] = [];
const server = createServer((socket) => void sockets.push(socket));
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('frequent calls count connections exactly', async () => {
  const { pid } = process;
  const before = connectionsOf(pid)!;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  expect(connectionsOf(pid)).toBe(before);
  for (let count = 1; count <= 5; count++) {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await Promise.all([once(client, 'connect'), once(server, 'connection')]);
    expect(connectionsOf(pid)).toBe(before + 2 * count);
    expect(openDescriptors(pid)!.connections).toBe(before + 2 * count);
    sockets.push(client);
  }
  const closed = sockets.map((socket) => once(socket, 'close'));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  expect(connectionsOf(pid)).toBe(before);
  expect(connectionsOf(2 ** 22 + 1)).toBeUndefined();
});

test('bytes wait in the buffers of both sides while a client does not read', async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const [[accepted], client] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    Promise.resolve(connect({ port, host: '127.0.0.1', highWaterMark: 1 } as never).pause()),
  ]);
  sockets.push(client);
  expect(queuesAt(port)).toEqual({ blocked: 0, bytes: 0 });
  accepted.write(Buffer.alloc(1_000));
  await expect.poll(() => queuesAt(port)).toEqual({ blocked: 0, bytes: 1_000 });
  accepted.write(Buffer.alloc(16 * 2 ** 20));
  await expect.poll(() => queuesAt(port).blocked).toBe(1);
  expect(queuesAt(port).bytes).toBeGreaterThan(10_000);
});
