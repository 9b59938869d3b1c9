import { expect, test } from 'vitest';
import { requestsFor } from './requests-of-file.ts';
import type { RunWords } from './run-words.ts';

const file = 'ssebench.config.ts';
const words: RunWords = {
  servers: ['mine', 'https://a.example/event'],
  ownServers: [{ at: '', name: 'mine', url: 'http://127.0.0.1:3000/event' }],
  options: { streams: ['5'], cookie: ['session=abc'], body: ['{}'], insecure: [true] },
  headers: ['Authorization: Bearer abc'],
  expect: [],
};
const bare = { ...words, options: { streams: ['5'] }, headers: [] };
const elsewhere =
  'the headers and other request options of ssebench.config.ts go only to the servers that it lists';

test.each<[string[], string[]?]>([
  [[]],
  [['mine']],
  [['express']],
  [['https://a.example/other?x=1'], ['http://127.0.0.1:3000/slow']],
])('servers of the file have its requests: %j %j', (names, url) =>
  expect(requestsFor(names, url, words, file)).toEqual({ words, notes: [], complaints: [] }),
);

test.each<[string[], (string | true)[], string]>([
  [['http://a.example/event'], [], 'http://a.example/event'],
  [[], [true, 'http://127.0.0.1:3001/?token=abc'], 'http://127.0.0.1:3001/?token=hidden'],
])('another URL has none of them: %j %j', (names, url, shown) =>
  expect(requestsFor(names, url, words, file)).toEqual({
    words: bare,
    notes: [
      `${shown}: ${elsewhere}; if this URL needs them, give --header, or add the URL to the file.`,
    ],
    complaints: [],
  }),
);

test('another URL is refused beside a server of the file', () =>
  expect(requestsFor(['mine', 'http://b.example/'], [], words, file)).toEqual({
    words,
    notes: [],
    complaints: [
      `http://b.example/: is measured together with mine, but ${elsewhere}; add the URL to its servers, or measure it alone`,
    ],
  }));

test('every URL has the requests of a file without URLs', () => {
  const general = { ...words, servers: ['express'], ownServers: [] };
  expect(requestsFor(['http://b.example/'], [], general, file).words).toBe(general);
  expect(requestsFor(['http://b.example/'], [], bare, file).notes).toEqual([]);
});
