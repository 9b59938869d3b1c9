import { expect, test } from 'vitest';
import { commandLine, nameOf } from './run-name.ts';

test('the command that repeats a run has its seed and the given options, and no secrets', () => {
  const words = {
    servers: ['express', 'https://u:pw@h/b?token=x'],
    options: { streams: ['10'], against: ['https://u:pw@h/b?token=x'] },
    headers: ['Authorization: Bearer abc', 'Accept-Language: de'],
    expect: ['missing = 0'],
  };
  const url = "'https://h/b?token=hidden'";
  expect(commandLine(words, 7, { leakCheck: true, probe: true, config: [] })).toBe(
    `npm run bench -- express ${url} --streams 10 --seed 7 --against ${url} --header 'Authorization: (not saved)' --header 'Accept-Language: de' --expect 'missing = 0' --leak-check`,
  );
  expect(
    commandLine({ ...words, options: {}, headers: [], expect: [] }, 7, {
      leakCheck: false,
      probe: false,
      config: [],
    }),
  ).toBe(`npm run bench -- express ${url} --seed 7 --no-probe`);
});

test('places in events and switches are repeated as given', () => {
  const words = {
    servers: ['http://a/'],
    options: { sequence: ["a[?b=='@x'].c"], byEvent: [true as const] },
    headers: [],
    expect: [],
  };
  const command = commandLine(words, 7, { leakCheck: false, probe: true, config: [] });
  expect(command).toContain("--sequence 'a[?b=='\\''@x'\\''].c' --by-event --seed 7");
  const fromFile = { ...words, options: { byEvent: ['false'] } };
  expect(commandLine(fromFile, 7, { leakCheck: false, probe: true, config: [] })).not.toContain(
    '--by-event',
  );
});

const usual = { leakCheck: false, probe: true, config: ['my.config.ts'] };

test('an own server repeats with its URL, its process, and the shown words of its command', () => {
  const words = {
    servers: ['express'],
    command: ['node', '--token', 'abc', 'dist/server.js'],
    options: {
      url: ['http://me:pw@127.0.0.1:3000/event?ticket=abc'],
      name: ['new'],
      readyWithin: ['60s'],
      rounds: ['6'],
    },
    headers: [],
    expect: [],
  };
  const url = "--url 'http://127.0.0.1:3000/event?ticket=hidden'";
  expect(commandLine(words, 7, usual)).toBe(
    `npm run bench -- express ${url} --ready-within 60s --name new --rounds 6 --seed 7 -- node … dist/server.js`,
  );
  const running = { ...words, command: [], options: { url: words.options.url, pid: ['4711'] } };
  expect(commandLine(running, 7, usual)).toBe(
    `npm run bench -- express ${url} --pid 4711 --seed 7`,
  );
  expect(nameOf(words)).toBe('express-new');
  expect(nameOf(running)).toBe('express-127.0.0.1-3000-event-ticket-hidden');
});

test('own servers of a config file repeat with the file that was given', () => {
  const ownServers = [
    { at: 'my.config.ts: servers[0]', name: 'old', url: 'http://127.0.0.1:3000/' },
  ];
  const words = { servers: ['old', 'koa'], ownServers, options: {}, headers: [], expect: [] };
  expect(commandLine(words, 7, usual)).toBe(
    'npm run bench -- old koa --seed 7 --config my.config.ts',
  );
  expect(commandLine(words, 7, { ...usual, config: [] })).toBe('npm run bench -- old koa --seed 7');
  expect(commandLine({ ...words, servers: ['koa'] }, 7, usual)).toBe(
    'npm run bench -- koa --seed 7',
  );
});

test('requests repeat with the names of their files, and without values', () => {
  const words = {
    servers: ['http://127.0.0.1:3000/event'],
    options: {
      method: ['POST'],
      cookie: ['a=s3cret; b=s3cret'],
      body: ['@body.json'],
      rows: ['users.csv'],
      follow: [true as const],
      allowRemote: [true as const],
    },
    headers: ['@headers.txt', 'X-Key: $KEY'],
    expect: [],
  };
  const given = "--method POST --header @headers.txt --header 'X-Key: (not saved)'";
  const others = "--cookie 'a=hidden; b=hidden' --body @body.json --rows users.csv --follow";
  expect(commandLine(words, 7, { ...usual, config: [] })).toBe(
    `npm run bench -- http://127.0.0.1:3000/event --seed 7 ${given} ${others} --allow-remote`,
  );
});
