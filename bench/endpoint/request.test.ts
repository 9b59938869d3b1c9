import { describe, expect, test } from 'vitest';
import { exitCodeOfCheck } from './exit-code.ts';
import { readCheckWords } from './words.ts';

const url = 'http://127.0.0.1:3000/event';
const read = (names: readonly string[], options = {}, header: readonly string[] = []) =>
  readCheckWords({ names, options: { ...options, header } });

test('has defaults for everything but the URL', () => {
  expect(read([url])).toMatchObject({
    ok: true,
    value: { failOn: 'error', endpoints: [{ endpoint: { url, origin: null, watchMs: 10_000 } }] },
  });
});

test('reads the options that describe a request', () => {
  const options = { body: ['{"a":1}'], follow: [true], cookie: ['session=1'] };
  expect(read([url], options)).toMatchObject({
    value: {
      endpoints: [
        {
          endpoint: {
            request: {
              method: 'POST',
              body: '{"a":1}',
              followsRedirects: true,
              headers: { cookie: 'session=1' },
            },
          },
        },
      ],
    },
  });
});

test('reads all options', () => {
  const options = { watch: ['65s'], origin: ['https://App.example/'], failOn: ['warning'] };
  expect(read([url], options, ['X-A: b'])).toMatchObject({
    ok: true,
    value: {
      failOn: 'warning',
      endpoints: [
        {
          endpoint: {
            origin: 'https://app.example',
            watchMs: 65_000,
            request: { method: 'GET', headers: { 'x-a': 'b' } },
          },
        },
      ],
    },
  });
});

describe('a command', () => {
  const command = [process.execPath, 'server.js'];

  test('starts the server', () => {
    const options = { readyWithin: ['5s'], header: [] };
    expect(readCheckWords({ names: [url], command, options })).toMatchObject({
      ok: true,
      value: {
        endpoints: [
          { endpoint: { url }, process: { kind: 'command', command, readyWithinMs: 5_000 } },
        ],
      },
    });
  });

  test('can follow --url', () => {
    expect(
      readCheckWords({ names: [], command, options: { url: [url], header: [] } }),
    ).toMatchObject({
      ok: true,
      value: { endpoints: [{ endpoint: { url }, process: { command } }] },
    });
  });

  test('is refused if it cannot start, together with the rest', () => {
    const words = { names: [], command: ['/nowhere/server'], options: { watch: ['1s'] } };
    expect(readCheckWords(words)).toMatchObject({
      complaints: [
        expect.stringContaining('no URL is given'),
        expect.stringContaining('-- /nowhere/server: no such program'),
        expect.stringContaining('--watch 1s'),
      ],
    });
  });

  test('is missing for --ready-within', () => {
    expect(read([url], { readyWithin: ['5s'] })).toMatchObject({
      complaints: [expect.stringContaining('has no effect without the command after --')],
    });
  });
});

describe('complaints', () => {
  test('come all at once, each with what to do', () => {
    const options = { watch: ['3s'], origin: ['example.com/page'], failOn: ['info'] };
    expect(read(['express', 'http://a/?t=precious'], options, ['x'])).toEqual({
      ok: false,
      complaints: [
        'express: must be a URL that begins with http:// or https://',
        'http://a/?t=hidden: is one too many; check one URL at a time',
        expect.stringMatching(/^--watch 3s: must be a duration/),
        '--origin example.com/page: must be a protocol and a host without a path, such as --origin https://app.example.com',
        '--fail-on info: must be error or warning',
        expect.stringMatching(/^--header x: must be a name/),
      ],
    });
  });

  test('name a URL that is given twice', () => {
    expect(read([url], { url: ['http://b/?t=precious'] })).toMatchObject({
      complaints: ['http://b/?t=hidden: is one too many; check one URL at a time'],
    });
  });

  test('name a missing URL', () => {
    expect(read([])).toMatchObject({ complaints: [expect.stringContaining('no URL is given')] });
  });

  test('hide the rest of a header that was not quoted', () => {
    expect(
      JSON.stringify(read([url, 'Bearer', 'abc123XYZ'], {}, ['Authorization:'])),
    ).not.toContain('abc123XYZ');
  });
});

describe('the exit code', () => {
  const codeOf = (severities: readonly string[], failOn: 'error' | 'warning' = 'error') =>
    exitCodeOfCheck(
      {
        unreachable: null,
        findings: severities.map((severity) => ({ severity })) as never,
      },
      failOn,
    );

  test.each([
    [[], 0],
    [['info', 'warning'], 0],
    [['warning', 'unjudged'], 3],
    [['unjudged', 'error'], 5],
  ])('of %j is %i', (severities, code) => expect(codeOf(severities)).toBe(code));

  test('is 5 for a warning with --fail-on warning', () => {
    expect(codeOf(['warning', 'unjudged'], 'warning')).toBe(5);
    expect(codeOf(['info'], 'warning')).toBe(0);
  });

  test('is 1 without a connection', () => {
    expect(exitCodeOfCheck({ unreachable: 'refused', findings: [] }, 'error')).toBe(1);
  });
});
