import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{bench,servers,scripts}/**/*.test.ts'],
    // Many tests measure time with real processes: one file after the other leaves them the machine.
    fileParallelism: false,
    // Where tests of a file say that they may run side by side: as many as two cores can bear.
    maxConcurrency: 3,
    // Tests start hundreds of processes; compiled once, they start in half the time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
