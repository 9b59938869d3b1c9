/**
 * A matcher for Vitest. Import `ssebench/vitest`, then write
 * `await expect(app).toReleaseStreams()`.
 */
import { expect } from 'vitest';
import { describeLeaks, findLeaks, type App, type LeaksSettings, type Url } from './index.ts';

declare global {
  // Vitest adds its matchers to Chai's assertions. We extend Chai, because the parameters of
  // Vitest's own types differ between its versions.
  namespace Chai {
    interface Assertion {
      /**
       * Asserts that a server releases everything that belonged to closed streams. Takes an `App`,
       * or the URL of a server in this process. The check takes 5 to 15 s for a clean server,
       * and up to 45 s for a leaking one, so give the test enough time:
       * `test('…', async () => {…}, 60_000)`.
       * A check that needs more time than the test has left stops early and reports what it has
       * found so far. An unfinished check never passes.
       */
      toReleaseStreams(settings?: LeaksSettings): Promise<void>;
    }
  }
}

/** The fields of a running test that we read, as in Vitest 3 to 5. */
interface RunningTest {
  /** Time limit in milliseconds; 0 and Infinity mean no limit. Before 3.0.9 it is unknown. */
  timeout?: number;
  result?: { startTime?: number; retryCount?: number; repeatCount?: number };
}

/**
 * The check leaves this share of the test's time limit, within these bounds, for its own cleanup
 * and for the rest of the test.
 */
const reserve = { share: 0.1, leastMs: 1_000, mostMs: 15_000 };
/**
 * Vitest 3 provides the running test in this module. Version 5 has no such module and passes the
 * test to the matcher.
 */
const suiteModule: string = 'vitest/suite';

/**
 * @returns the time left for the check in milliseconds; `undefined` if the test has no limit, or is
 * unknown
 */
function timeLeftMs({ timeout = 0, result = {} }: RunningTest): number | undefined {
  if (timeout <= 0 || !Number.isFinite(timeout)) return undefined;
  // Only the start of the first attempt is known.
  const isFirst = !result.retryCount && !result.repeatCount;
  const usedMs = isFirst && result.startTime !== undefined ? Date.now() - result.startTime : 0;
  const reserveMs = Math.min(reserve.mostMs, Math.max(reserve.leastMs, reserve.share * timeout));
  return Math.max(1, Math.floor(timeout - usedMs - reserveMs));
}

async function runningTest(ofMatcher: { task?: RunningTest }): Promise<RunningTest> {
  if (ofMatcher.task !== undefined) return ofMatcher.task;
  const suite = (await import(suiteModule).catch(() => ({}))) as {
    getCurrentTest?: () => RunningTest | undefined;
  };
  return suite.getCurrentTest?.() ?? {};
}

expect.extend({
  async toReleaseStreams(app: Url | App, settings?: LeaksSettings) {
    const leftMs = timeLeftMs(await runningTest(this as { task?: RunningTest }));
    const verdict = await findLeaks(
      app,
      leftMs === undefined ? settings : { within: leftMs, ...settings },
    );
    // Throws, so that `.not` does not pass either: whether the server leaks is not known.
    if (verdict.state !== 'clean' && verdict.state !== 'leaking')
      throw new Error(describeLeaks(verdict));
    return { pass: verdict.state === 'clean', message: () => describeLeaks(verdict) };
  },
});
