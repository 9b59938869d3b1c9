/** A matcher for Vitest: `import 'ssebench/vitest'`, and then `await expect(app).toReleaseStreams()`. */
import { expect } from 'vitest';
import { describeLeaks, findLeaks, type App, type LeaksSettings } from './index.ts';

declare global {
  // Vitest puts its matchers into Chai's assertions. Its own types of them have other parameters in each of its versions.
  namespace Chai {
    interface Assertion {
      /**
       * That a server releases everything that belonged to streams whose clients have left. Takes a URL of a server in this
       * very process, or an `App`. It takes 10 to 15 s for a clean server, so a test needs time:
       * `test('…', async () => {…}, 60_000)`. A check that would take longer than the test may ends before it, and reports
       * what it has found by then; a check that was not finished is no pass.
       */
      toReleaseStreams(settings?: LeaksSettings): Promise<void>;
    }
  }
}

/** What we read of a running test, as Vitest 3 to 5 have it. */
interface RunningTest {
  /** How long it may take; 0 and Infinity set no limit. */
  timeout?: number;
  result?: { startTime?: number; retryCount?: number; repeatCount?: number };
}

/** Of the test's time a check leaves this share for its own end and for the rest of the test, within these bounds. */
const reserve = { share: 0.1, leastMs: 1_000, mostMs: 5_000 };
/** Where Vitest 3 has the running test. Version 5 has no such module, and does not need it. */
const suiteModule: string = 'vitest/suite';

/** @returns how long a check may still take; nothing where the test has no limit, or is unknown */
function timeLeftMs({ timeout = 0, result = {} }: RunningTest): number | undefined {
  if (timeout <= 0 || !Number.isFinite(timeout)) return undefined;
  // The time of the first attempt is all that is known.
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
  async toReleaseStreams(app: string | App, settings?: LeaksSettings) {
    const leftMs = timeLeftMs(await runningTest(this as { task?: RunningTest }));
    const verdict = await findLeaks(
      app,
      leftMs === undefined ? settings : { within: leftMs, ...settings },
    );
    // Whether it was expected to leak or not: nobody knows.
    if (verdict.state === 'unknown' || verdict.state === 'odd')
      throw new Error(describeLeaks(verdict));
    return { pass: verdict.state === 'clean', message: () => describeLeaks(verdict) };
  },
});
