import { expect, test } from 'vitest';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import type { CrowdReport } from './task.ts';
import { unexpectedObservations, whyNoPost, whyNotOpened } from './explain.ts';

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

test('causes and ended streams of all crowds explain why no stream opened', () => {
  const crowd = { planned: 10, opened: 0, served: 0, hurried: 0, events: 0, headersMs: null };
  const reports = [
    { ...crowd, ended: 0, failures: { 'status 503': { count: 10, example: 'Busy' } } },
    { ...crowd, ended: 3, failures: { 'status 503': { count: 5, example: 'Busy' } } },
  ].map((report) => ({ ...report, redirects: 0, disconnectedNs: [] }));
  const mode = { when: 'after events', method: 'GET' } as DisconnectMode;
  expect(unexpectedObservations(mode, 1, reports)).toEqual([
    'no stream opened: 15 × status 503 (Busy), 3 × ended by the server',
  ]);
});

test('streams that a server refuses for their method name the option', () => {
  const report = { ...failed('status 405'), ended: 0 };
  expect(whyNotOpened([report])).toBe(
    'no stream opened: 1 × status 405; use the method that the stream expects, such as --method POST',
  );
});
