import { expect, test } from 'vitest';
import type { CrowdReport } from './task.ts';
import { whyNoPost } from './explain.ts';

const failed = (cause: string): CrowdReport =>
  ({ failures: { [cause]: { count: 1, example: '' } } }) as unknown as CrowdReport;

test.each([
  ['status 404', 'POST failed: status 404'],
  ['status 405', 'POST failed: status 405'],
  ['status 401', 'POST failed: status 401; set what the server expects with --body and --header'],
  ['status 422', 'POST failed: status 422; set what the server expects with --body and --header'],
  [
    'not an event stream',
    'POST failed: not an event stream; set what the server expects with --body and --header',
  ],
  ['status 501', 'POST failed: status 501'],
  ['status 500', null],
  ['connection reset', null],
])('a POST that fails with “%s” is reported as: %s', (cause, reason) =>
  expect(whyNoPost(failed(cause))).toBe(reason),
);
