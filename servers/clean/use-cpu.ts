/** Shared by servers that compute: a step of known cost. */

const stepUs = 200;

/** Uses 0.2 ms of the CPU time of this process, however long that takes. */
export function useCpu(): void {
  // The account of the thread alone is updated only every few milliseconds.
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= stepUs) return;
  }
}
