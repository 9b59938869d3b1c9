import { expect, test } from 'vitest';
import { plainRequest } from '../../scenario/request-options.ts';
import { requestIn } from './examination.ts';
import { withRequest } from '../request/read-check-options.ts';

const [get, post] = [{ method: 'GET' as const }, { method: 'POST' as const }];
const mine = { ...plainRequest, headers: { 'x-mine': 'yes' } };
const postMine = { ...mine, method: 'POST', body: 'text' };

test.each([
  ['GET', 'by default', get, withRequest(mine), mine],
  ['POST', 'by default', post, withRequest(mine), { ...mine, method: 'POST', body: '{}' }],
  ['GET', 'with a body given', get, withRequest(postMine), postMine],
  ['POST', 'with a body given', post, withRequest(postMine), postMine],
  ['POST', 'with GET given', post, withRequest(mine, true), mine],
])('the request of a mode with %s, %s', (_method, _what, mode, options, request) =>
  expect(requestIn(mode, options)).toEqual(request),
);

test('with one method for all modes, the usual modes do not repeat one', () => {
  const namesOf = (options: ReturnType<typeof withRequest>) =>
    options.modes.map(({ name }) => name);
  expect(namesOf(withRequest(mine))).toEqual(['close', 'reset', 'early', 'post', 'kill']);
  expect(namesOf(withRequest(postMine))).toEqual(['close', 'reset', 'early', 'kill']);
});
