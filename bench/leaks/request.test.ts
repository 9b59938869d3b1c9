import { expect, test } from 'vitest';
import { readLeaksRequest } from './request.ts';

const words = {
  servers: ['floor'],
  command: [],
  here: false,
  headers: [],
  trace: false,
  probe: true,
};

test.each(['{"must":"be sent"}', 'null', '0', '"text"', '{}'])('a POST may send %s', (body) => {
  expect(readLeaksRequest({ ...words, options: { body: [body] } })).toMatchObject({
    value: { options: { body: JSON.parse(body) } },
  });
});

test('it sends {} unless told otherwise', () => {
  expect(readLeaksRequest({ ...words, options: {} })).toMatchObject({
    value: { options: { body: {} } },
  });
});
