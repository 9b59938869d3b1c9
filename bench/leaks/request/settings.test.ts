/**
 * A program and a command line that request the same check give the same request, under the same
 * rules.
 */
import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from '../../scenario/complaint.ts';
import type { App } from '../../scenario/own-servers/app.ts';
import { readLeaksSettings, type LeaksSettings } from './settings.ts';
import { readLeaksWords, type LeaksWords } from './leaks-words.ts';

const url = 'http://127.0.0.1:3000/event';
const command = ['node', 'server.js'];
const noWords: LeaksWords = {
  servers: [],
  command,
  options: {},
  trace: false,
  probe: true,
};

test.each<[LeaksSettings, Partial<LeaksWords>]>([
  [{}, {}],
  [{ modes: 'all' }, { options: { modes: ['all'] } }],
  [{ modes: ['close', 'early'] }, { options: { modes: ['close,early'] } }],
  [
    { streams: 7, rounds: 2, events: 0, maxLeakedPerDisconnect: 0.1 },
    {
      options: { streams: ['7'], rounds: ['2'], events: ['0'], maxLeakedPerDisconnect: ['0.1'] },
    },
  ],
  [
    { patience: 2_500, deadline: '1.5s', within: '2m', readyWithin: 60_000 },
    {
      options: { patience: ['2.5s'], deadline: ['1500ms'], within: ['120s'], readyWithin: ['1m'] },
    },
  ],
  [{ inspection: 'outside' }, { options: { inspection: ['outside'] } }],
  [{ ignore: ['one', 'two'] }, { options: { ignore: ['one', 'two'] } }],
  [{ ignore: [] }, {}],
  [
    { trace: true, probe: false },
    { trace: true, probe: false },
  ],
  [{ headers: { 'X-A': 'b: c' } }, { options: { header: ['X-A: b: c'] } }],
  [{ body: null }, { options: { body: ['null'] } }],
  [{ body: 'text' }, { options: { body: ['text'] } }],
  [{ streams: undefined } as unknown as LeaksSettings, {}],
])('%j gives the same request as on the command line', (settings, words) => {
  expect(valueOf(readLeaksSettings({ url, command }, settings))).toEqual(
    valueOf(readLeaksWords({ ...noWords, ...words, options: { url: [url], ...words.options } })),
  );
});

test.each<[App, object]>([
  [{ url }, { kind: 'own', url }],
  [
    { url, pid: process.pid },
    { kind: 'process', pid: process.pid, url },
  ],
  [
    { url, command },
    {
      kind: 'command',
      command,
      url,
      cwd: null,
      env: {},
      socketPath: null,
      readyWhen: null,
      readyWithinMs: 30_000,
    },
  ],
])('%j is a valid server', (app, spec) => {
  expect(valueOf(readLeaksSettings(app, {})).servers).toEqual([{ name: url, spec }]);
});

const circle: { self?: unknown } = {};
circle.self = circle;

describe('complaints name a setting as it was written', () => {
  test.each<[LeaksSettings, string]>([
    [{ streams: 0 }, 'streams 0: must be a whole number from 1 to 5,000, such as streams: 50'],
    [
      { rounds: '3' as unknown as number },
      "rounds '3': must be a whole number from 1 to 100, such as rounds: 3",
    ],
    [
      { deadline: 'soon' as '1s' },
      "deadline 'soon': must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as deadline: '10s'",
    ],
    [
      { readyWithin: 0.5 },
      "readyWithin 0.5: must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as readyWithin: '60s'",
    ],
    [
      { maxLeakedPerDisconnect: NaN },
      'maxLeakedPerDisconnect NaN: must be a number of 0 or more, such as maxLeakedPerDisconnect: 0.1',
    ],
    [
      { modes: ['close', 'polite' as 'reset'] },
      "modes [ 'close', 'polite' ]: must be “all”, or a list of close, reset, early, post, kill, random, half-close, blocked, stop-reading, hold, half-open, such as modes: [ 'close', 'reset' ]",
    ],
    [
      { ignore: ['one', ''] },
      "ignore '': must be part of a leak’s description, such as ignore: [ 'src/events.ts:14' ]",
    ],
    [{ inspection: 'inside' as 'outside' }, "inspection 'inside': must be inspector or outside"],
    [{ body: circle }, "body hidden: must be a text or JSON, such as body: { topic: 'news' }"],
    [{ body: 5n }, "body hidden: must be a text or JSON, such as body: { topic: 'news' }"],
    [
      { headers: { 'a b': 'c' } },
      "headers a (not saved): must be a name without spaces, and a value of Latin letters in one line, such as headers: { Authorization: 'Bearer abc' }",
    ],
    [{ probe: 'no' as unknown as boolean }, "probe 'no': must be true or false"],
  ])('%o', (settings, complaint) => {
    expect(complaintsOf(readLeaksSettings({ url }, settings))).toEqual([complaint]);
  });

  test.each<[Partial<App>, LeaksSettings, string]>([
    [{ url: '' }, {}, "url '': must be a URL that begins with http:// or https://"],
    [
      { url: undefined as unknown as string },
      {},
      "url is missing: give the URL of the server’s stream, such as url: 'http://127.0.0.1:3000/event'",
    ],
    [{ pid: 0 }, {}, 'pid 0: must be a process id, such as pid: 4711'],
    [
      { pid: process.pid, command },
      {},
      'pid is for a server that already runs, and command starts one; leave out one of them',
    ],
    [
      {},
      { trace: true },
      'trace: needs a server that ssebench starts, because the probe is loaded at startup; give the server’s command, or leave out trace',
    ],
    [
      { command },
      { trace: true, inspection: 'outside' },
      "trace: needs the inspector; leave out trace, or inspection: 'outside'",
    ],
  ])('%o with %o', (app, settings, complaint) => {
    expect(complaintsOf(readLeaksSettings({ url, ...app } as App, settings))).toEqual([complaint]);
  });

  test('are reported all at once', () => {
    const settings = { streems: 5, streams: 0, headers: { expect: 'x' } } as LeaksSettings;
    expect(complaintsOf(readLeaksSettings({ url: 'nowhere' }, settings))).toEqual([
      'streems: unknown setting; did you mean streams?',
      'url nowhere: must be a URL that begins with http:// or https://',
      'streams 0: must be a whole number from 1 to 5,000, such as streams: 50',
      'headers expect: x: HTTP sets this header itself; leave it out',
    ]);
  });
});
