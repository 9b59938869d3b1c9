import { expect, test } from 'vitest';
import type { CrowdReport } from './task.ts';
import { whyNoPost } from './explain.ts';

const failed = (cause: string): CrowdReport =>
  ({ failures: { [cause]: { count: 1, example: '' } } }) as unknown as CrowdReport;

test.each([
  ['status 404', 'status 404 to a POST'],
  ['status 405', 'status 405 to a POST'],
  ['status 401', 'status 401 to a POST; --body and --header say what it sends'],
  ['status 422', 'status 422 to a POST; --body and --header say what it sends'],
  ['not an event stream', 'not an event stream to a POST; --body and --header say what it sends'],
  ['status 501', 'status 501 to a POST'],
  ['status 500', null],
  ['connection reset', null],
])('%s in answer to a POST: %s', (cause, reason) => expect(whyNoPost(failed(cause))).toBe(reason));
