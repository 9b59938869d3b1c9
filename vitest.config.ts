import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const tests = (kind: string) => `{bench,servers,scripts}/**/*${kind}.test.ts`;
const [process, known] = [tests('.process'), tests('.known')];

const shared = {
  // Tests that run side by side mostly wait; two cores can serve five of them.
  maxConcurrency: 5,
  // Tests start hundreds of processes. The compile cache halves their start time.
  env: {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
  },
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

/**
 * The name of a test file decides in which project it runs. CONTRIBUTING describes what each kind
 * may do.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'pure',
          include: [tests('')],
          exclude: [process, known],
          setupFiles: ['bench/tests/fixtures/helpers/pure-only.ts'],
          pool: 'threads',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'process',
          include: [process],
          // These tests mostly wait.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'known',
          include: [known],
          // Measurements need the machine to themselves, so the files run one after another.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
