import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What starts no process and measures no time: side by side, in threads, which begin sooner than processes. */
const pure = [
  'bench/{micro,report,scenario,verdict}/*.test.ts',
  'bench/scenario/kinds/*.test.ts',
  'bench/measure/!(clock).test.ts',
  'bench/commands/{baseline,naming,report,watch}.test.ts',
  'bench/leaks/{request,result,search}.test.ts',
  'bench/capacity/{loads,search}.test.ts',
  'bench/load/{churn,failure,fleet,load,pace,pacer,plan,reconnecting}.test.ts',
  'bench/report/page/html.test.ts',
  'bench/run/round/timeline.test.ts',
  'bench/{first-fault,run,save,whole-harness,without-secrets}.test.ts',
];

/** What starts many processes, waits most of the time, and measures none of it: three files at once. */
const together = [
  'bench/tests/end-to-end/bad-input.process.test.ts',
  'bench/commands/{config-file,first-requests,leak-check}.test.ts',
  'bench/tests/end-to-end/compare.process.test.ts',
  'bench/leaks/!(request|result|runtimes|search).test.ts', // that one looks from outside, at what else the machine does too
  'bench/leaks/*/*.test.ts',
  'bench/stream/events.test.ts',
  'bench/system/supervisor.process.test.ts',
  'bench/live/live.process.test.ts',
  'bench/report/page/page.process.test.ts',
  'bench/tests/end-to-end/secrets.process.test.ts',
  'bench/tests/end-to-end/vitest.process.test.ts',
  'scripts/package.process.test.ts',
  'servers/contract.process.test.ts',
  'servers/page.process.test.ts',
];
const shared = {
  // Where tests of a file say that they may run side by side: as many as two cores can bear, since they wait most of the time.
  maxConcurrency: 5,
  // Tests start hundreds of processes; compiled once, they start in half the time.
  env: {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
  },
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'pure',
          include: pure,
          pool: 'threads',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'together',
          include: together,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: ['{bench,servers,scripts}/**/*.test.ts'],
          exclude: [...pure, ...together, 'node_modules/**'],
          // Many tests measure time with real processes: one file after the other leaves them the machine.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
