/**
 * Removes causes of pauses in this process during a load. Each was found because
 * streams started 10 to 40 ms late on an otherwise idle machine.
 */
import { closeSync, openSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Limits V8's young generation; passed to Node on its command line. All streams that start survive
 * a scavenge, which pauses for as long as it copies them: 5 to 9 ms without this limit, 1 to 2 ms
 * with it.
 */
export const steadyArguments = ['--max-semi-space-size=2'];

/**
 * The environment of a generator. The C library gives each thread its own memory and retains it: on
 * a busy core, V8's compilers leave 20 MB behind. Two arenas suffice for one busy thread.
 */
export const steadyEnvironment = { MALLOC_ARENA_MAX: '2' };

/** @param descriptors the highest number of descriptors that this process will have open */
export function steady(descriptors: number): void {
  yieldToMainThread();
  growDescriptorTable(descriptors);
}

/**
 * V8 compiles in threads that share this process's core. They may use only the time that the main
 * thread leaves.
 */
function yieldToMainThread() {
  if (process.platform !== 'linux') return; // elsewhere priorities belong to processes
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_LOW);
  }
}

/**
 * Linux doubles the table of descriptors when it is full. If threads share the table, that waits
 * until no core uses the old one: 10 to 40 ms, in the very call that opens a socket. The table
 * never shrinks. Opening 1,000 descriptors takes 8 ms.
 */
function growDescriptorTable(descriptors: number) {
  const opened: number[] = [];
  try {
    while (opened.length < descriptors) opened.push(openSync('/dev/null', 'r'));
  } catch {
    // as many as this process may open
  }
  opened.forEach((descriptor) => closeSync(descriptor));
}
