/**
 * Takes from this process what would make it stand still in the middle of a load. Each of these was found by looking
 * for the reason of streams that started 10 to 40 ms late, on a machine that had nothing else to do.
 */
import { closeSync, openSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * V8's young generation. Streams that start all survive, and a scavenge stands still for as long as it copies them:
 * 5 to 9 ms where the young generation may grow as it likes, 1 to 2 ms so. Goes to Node on its command line.
 */
export const steadyArguments = ['--max-semi-space-size=2'];

/**
 * The environment of a generator. The C library gives each thread memory of its own, which it keeps: what V8's
 * compilers have used once is 20 MB on a busy core. Two arenas suffice for one busy thread.
 */
export const steadyEnvironment = { MALLOC_ARENA_MAX: '2' };

/** @param descriptors that this process will have open at most */
export function steady(descriptors: number): void {
  yieldToMainThread();
  growDescriptorTable(descriptors);
}

/** V8 compiles in threads of its own, which share the core that this process has: they may have what is left of it. */
function yieldToMainThread() {
  if (process.platform !== 'linux') return; // elsewhere priorities are those of processes
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_LOW);
  }
}

/**
 * Linux doubles the table of descriptors when it is full, and where threads share it, that waits until no core uses
 * the old one any more: 10 to 40 ms, in the very call that wanted a socket. The table never shrinks. Opening 1,000 takes 8 ms.
 */
function growDescriptorTable(descriptors: number) {
  const opened: number[] = [];
  try {
    while (opened.length < descriptors) opened.push(openSync('/dev/null', 'r'));
  } catch {
    // as many as this process may have
  }
  opened.forEach((descriptor) => closeSync(descriptor));
}
