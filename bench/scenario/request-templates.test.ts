import { expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from './request-options.ts';
import { namesInRequest, whyNoRows } from './request-templates.ts';

const request = (changes: Partial<RequestOptions>) => ({ ...plainRequest, ...changes });
const url = 'http://127.0.0.1/{{room}}';

test('the names are those of the URL, the header values and the body', () =>
  expect(
    namesInRequest(
      'http://127.0.0.1/{{room}}?{{i}}',
      request({ headers: { 'x-a': '{{token}}', '{{x}}': '' }, body: '{{room}} {{text}}' }),
    ),
  ).toEqual(['room', 'i', 'token', 'text']));

test.each<[string, Partial<RequestOptions>, string[]]>([
  ['rows that can be sent', { rows: [{ room: 'a b' }, { room: '…' }] }, []],
  [
    'a row without a value',
    { rows: [{ room: 'a' }, {}, {}] },
    ['row 2, and 1 more: {{room}} has no value; add one to this row'],
  ],
  [
    'a value that a URL removes',
    { rows: [{ room: '..' }] },
    ['row 1: {{room}} is “.” or “..”, which a URL removes from its path; use another value'],
  ],
  [
    'values that a header cannot carry',
    {
      headers: { 'x-a': 'a {{token}}' },
      rows: [
        { room: 'a', token: 'fine' },
        { room: 'b', token: 'secret\r\n' },
      ],
    },
    ['row 2: {{token}} cannot be sent in the header x-a; use Latin letters in one line'],
  ],
  [
    'a text outside a JSON string',
    { body: '{"a":{{room}}}', rows: [{ room: '1' }, { room: 'x' }] },
    [
      'row 2: the body is not JSON with these values; put templates of texts into quotes, or give the body another type, such as Content-Type: text/plain',
    ],
  ],
  ['a text in a JSON string', { body: '{"a":"{{room}}"}', rows: [{ room: '"' }] }, []],
  ['unknown names, which others refuse', { body: '{{unknown}}', rows: [{ room: 'a' }] }, []],
])('%s', (_what, changes, complaints) =>
  expect(whyNoRows(url, request(changes))).toEqual(complaints),
);

test('no complaint contains a value', () => {
  const rows = [{ room: '..', token: 'secrét…\n' }];
  const complaints = whyNoRows(
    url,
    request({ headers: { a: '{{token}}' }, body: '{"a":{{token}}}', rows }),
  );
  expect(complaints).toHaveLength(3);
  expect(complaints.join()).not.toContain('secr');
});
