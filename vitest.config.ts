import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const tests = (kind: string) => `{bench,servers,scripts}/**/*${kind}.test.ts`;
const [process, long, known] = [tests('.process'), tests('.long'), tests('.known')];
const light = tests('.light.known');
/** Folders that have packages of their own. */
const installed = '**/node_modules/**';

const shared = {
  // Tests that run side by side mostly wait; two cores can serve five of them.
  maxConcurrency: 5,
  // Tests start hundreds of processes. The compile cache halves their start time.
  env: {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
  },
  // These limits only end a hang. On a busy machine a step can take fifty times as long as usual.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
};

/** Tests that start processes, with the same environment on every machine. */
const outside = {
  ...shared,
  setupFiles: ['bench/tests/fixtures/helpers/fixed-environment.ts'],
};

/**
 * A slow file that starts last leaves one core idle. Vitest knows durations only from earlier runs,
 * which CI does not have. So the files that take long are listed here, in the order
 * in which they start.
 */
const slowest = [
  'leaks-inspector.process',
  'leaks-command.process',
  'secrets.process',
  'cli.process',
  'tls.process',
  'unwritable.process',
  'ci-recipes.process',
  'http2.process',
  'contract.process',
  'answers.process',
  'trial.process',
  'untrusted.process',
  'first-requests.process',
  'config-file.process',
  'round.process',
  'own-server.process',
  'events-fuzz.process',
  'leak-check.process',
  'decoding.process',
  'splits.process',
  'vitest-time.long',
  'package.long',
  'lost-network.long',
  'pools.long',
  'faults.long',
  'vitest.long',
  'hostile.long',
  'foul-play.long',
  'answers.light.known',
  'runtimes.light.known',
  'disconnects.light.known',
  'collecting.light.known',
  'round.light.known',
  'shutdown.light.known',
  'release.light.known',
];
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = slowest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? slowest.length : place;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- this is a method of Vitest, not of an array
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

/**
 * The name of a test file decides in which project it runs. CONTRIBUTING describes what each kind
 * may do.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'pure',
          include: [tests('')],
          exclude: [process, long, known, installed],
          setupFiles: ['bench/tests/fixtures/helpers/pure-only.ts'],
          pool: 'threads',
          maxWorkers: 2,
          // Files share their modules. Loading them again for each file takes a third of the time.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...outside,
          name: 'process',
          include: [process],
          // Each of these tests waits for a quarter of its time.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'long',
          include: [long],
          // A check waits for much of its time. With more than six at once the cores are busy, counts
          // are rarely stable, and each check needs more rounds.
          maxWorkers: 3,
          maxConcurrency: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...outside,
          name: 'light',
          include: [light],
          // Two files need less than half of two cores, and each keeps its figures beside another.
          // With three, many tests repeat on a busy machine, and some fail.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...outside,
          name: 'known',
          include: [known],
          exclude: [light, installed],
          // These measurements need the machine to themselves, so the files run one after another.
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
