import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { countQueued } from './queues-within.ts';

/** A socket that has accepted these bytes, and cannot pass them on. */
function socketWith(bytes: number, { isAccepted = true } = {}): object {
  const blocked = new Writable({ highWaterMark: 1_000, write() {} });
  blocked.write(Buffer.alloc(bytes));
  return isAccepted ? Object.assign(blocked, { server: {} }) : blocked;
}

test('bytes above the high-water mark are counted separately', () =>
  expect(countQueued([socketWith(300), socketWith(5_000), new EventEmitter()])).toMatchObject({
    queuedBytes: 5_300,
    beyondMarkBytes: 4_000,
  }));

test('connections that the server itself opened do not count', () =>
  expect(countQueued([socketWith(5_000, { isAccepted: false })])).toMatchObject({
    queuedBytes: 0,
    beyondMarkBytes: 0,
  }));

test('no getter of the program is called', () => {
  const state = Object.defineProperty(new EventEmitter(), 'server', {
    get: () => expect.unreachable(),
  });
  expect(countQueued([state]).queuedBytes).toBe(0);
});
