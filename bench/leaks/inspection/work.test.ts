import { expect, test } from 'vitest';
import { sumOfWork } from './work.ts';

const first = { cpuMs: 10, timers: 1, upstreams: new Map([['1', '127.0.0.1:9000']]) };
const second = { cpuMs: 5, timers: 2, upstreams: new Map([['2', '127.0.0.1:9001']]) };

test('the work of several processes is that of all', () =>
  expect(sumOfWork([first, second])).toEqual({
    cpuMs: 15,
    upstreams: new Map([...first.upstreams, ...second.upstreams]),
  }));

test('it is unknown if that of one process is unknown', () =>
  expect(sumOfWork([first, { ...second, cpuMs: undefined }]).cpuMs).toBeUndefined());
