/** Clean: a thread computes the start of each stream. A pool has up to 8, and ends idle ones. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { forgets, serveStreams } from './streams.ts';

const most = 8;
const idleMs = 1_000;
const code = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', (n) => setTimeout(() => parentPort.postMessage(n), 5));`;

interface Member {
  thread: Worker;
  idle: NodeJS.Timeout | undefined;
}
const idle: Member[] = [];
const waiting: ((member: Member) => void)[] = [];
let members = 0;

async function acquire(): Promise<Member> {
  const member = idle.pop();
  if (member) {
    clearTimeout(member.idle);
    return member;
  }
  if (members >= most) return new Promise((resolve) => void waiting.push(resolve));
  members++;
  return { thread: new Worker(code, { eval: true }).setMaxListeners(0), idle: undefined };
}

function release(member: Member) {
  const next = waiting.shift();
  if (next) return next(member);
  idle.push(member);
  member.idle = setTimeout(() => {
    idle.splice(idle.indexOf(member), 1);
    members--;
    void member.thread.terminate();
  }, idleMs);
  return undefined;
}

const progress = new EventTarget();

serveStreams(async () => {
  const member = await acquire();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  member.thread.postMessage(1);
  await once(member.thread, 'message');
  release(member);
  const report = setInterval(() => progress.dispatchEvent(new Event('progress')), 1_000);
  const isForgotten = forgets();
  return () => {
    if (!isForgotten) clearInterval(report);
  };
});
