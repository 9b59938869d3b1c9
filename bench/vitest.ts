/** A matcher for Vitest: `import 'ssebench/vitest'`, and then `await expect(app).toReleaseStreams()`. */
import { expect } from 'vitest';
import { describeLeaks, findLeaks, type App, type LeaksSettings } from './index.ts';

declare global {
  // Vitest puts its matchers into Chai's assertions. Its own types of them have other parameters in each of its versions.
  namespace Chai {
    interface Assertion {
      /**
       * That a server lets go of all that belonged to streams whose clients have left. Takes a URL of a server in this very
       * process, or an `App`. A test of it needs time: `test('…', async () => {…}, 60_000)`.
       */
      toReleaseStreams(settings?: LeaksSettings): Promise<void>;
    }
  }
}

expect.extend({
  async toReleaseStreams(app: string | App, settings?: LeaksSettings) {
    const verdict = await findLeaks(app, settings);
    // Whether it was expected to leak or not: nobody knows.
    if (verdict.state === 'unknown' || verdict.state === 'odd') throw new Error(describeLeaks(verdict));
    return { pass: verdict.state === 'clean', message: () => describeLeaks(verdict) };
  },
});
