import { expect, test } from 'vitest';
import { fromOutside, type ServerUnderTest } from '../scenario/scenario.ts';
import { whyNoLeakCheck } from './leak-check.ts';

const outside = fromOutside('mine', 'http://127.0.0.1:3000/event', null);
const running: ServerUnderTest = { ...outside, process: { kind: 'pid', pid: 7 } };

test('a leak check needs a process that it can inspect', () => {
  expect(whyNoLeakCheck([running], () => false)).toEqual([]);
  expect(whyNoLeakCheck([outside])).toEqual([
    expect.stringContaining('mine is a URL, and a leak check needs the server’s process; '),
  ]);
  expect(whyNoLeakCheck([running], (pid) => pid === 7)).toEqual([
    '--leak-check: mine is a cluster (node:cluster), which a leak check inspects only if ssebench starts it; leave out --leak-check, or give the command after -- instead of --pid',
  ]);
});
