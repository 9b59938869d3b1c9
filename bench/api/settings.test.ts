/** The settings of functions: the same requests as on the command line, and complaints about all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readCheckSettings, type CheckSettings } from '../endpoint/settings.ts';
import { readCheckWords } from '../endpoint/words.ts';
import { BadInput, complaintsOf, valueOf } from '../scenario/complaint.ts';
import type { App } from '../scenario/own-servers/app.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { check } from './check.ts';
import { compare } from './compare.ts';
import { findLeaks } from './find-leaks.ts';
import { inProgramWords } from './program-words.ts';
import { readRunSettings, type RunSettings } from './run-settings.ts';

const url = 'http://127.0.0.1:3000/event';

/** @returns the complaints of a function that refuses its settings */
function complaints(refusing: () => unknown): readonly string[] {
  try {
    refusing();
  } catch (error) {
    if (error instanceof BadInput) return error.complaints;
    throw error;
  }
  throw new Error('nothing was refused');
}
const run = (settings: object) => readRunSettings(settings as RunSettings, new Date(0));

describe('run', () => {
  test('complains about everything at once, in the words of a program', () => {
    expect(
      complaints(() =>
        run({
          scenari: 'churn',
          streams: 0,
          servers: ['expres'],
          probe: 'no',
          onRound: 5,
          failOn: 'wores',
          baseline: 5,
          signal: 'now',
          junit: '',
          saveBaseline: '/x',
          expect: ['delivry.p99 < 5ms'],
        }),
      ),
    ).toEqual([
      "probe 'no': must be true or false",
      'baseline 5: must be a result, or where one is saved',
      'signal: must be an AbortSignal, such as AbortSignal.timeout(60_000)',
      'onRound 5: must be a function',
      'run: scenari: unknown key; did you mean scenario?',
      'run: streams 0: must be a whole number from 1 to 1,000,000, such as 1000',
      'expres: no such server; did you mean express?',
      'expect delivry.p99 < 5ms: unknown metric; did you mean delivery.p99?',
      "saveBaseline /x: must be a name of letters, digits, dots and dashes, such as saveBaseline: 'main'",
      'failOn wores: must be worse or inconclusive',
      "junit '': must be a file name, such as junit: 'results/run.xml'",
    ]);
  });

  test('refuses a load for another machine unless it is allowed', () => {
    const servers = ['https://sse.example/events'];
    expect(complaints(() => run({ servers }))).toEqual([
      'sse.example:443: is not on this machine, and its owner may not expect a load; if you may load it, add allowRemote: true',
    ]);
  });

  test('hides secrets', () => {
    const settings = {
      servers: [`http://127.0.0.1:3000/?token=precious`],
      headers: { 'a b': 'precious' },
      cookies: { 'a b': 'precious' },
      body: { a: 5n },
      out: { token: 'precious' },
      streams: -1,
    };
    expect(complaints(() => run(settings)).join('\n')).not.toContain('precious');
  });
});

describe('check', () => {
  test.each<[App, CheckSettings, Parameters<typeof readCheckWords>[0]]>([
    [{ url }, {}, { names: [url], options: {} }],
    [
      { url },
      { watch: 65_000, origin: 'https://a.example', failOn: 'warning' },
      {
        names: [url],
        options: { watch: ['65s'], origin: ['https://a.example'], failOn: ['warning'] },
      },
    ],
    [
      { url, command: [process.execPath, 'server.js'] },
      { readyWithin: '5s', headers: { 'X-A': 'b' } },
      {
        names: [url],
        command: [process.execPath, 'server.js'],
        options: { readyWithin: ['5s'], header: ['X-A: b'] },
      },
    ],
  ])('%j %j is the same request as on the command line', (app, settings, words) => {
    expect(valueOf(readCheckSettings(app, settings))).toEqual(valueOf(readCheckWords(words)));
  });

  test('complains about everything at once', () => {
    const app = { url: 'nowhere', comand: ['x'], cwd: 5 } as unknown as App;
    const settings = { watch: '1s', wach: '5s', method: 'HEAD', onProgress: 5, signal: {} };
    expect(complaintsOf(readCheckSettings(app, settings as unknown as CheckSettings))).toEqual([
      'wach: unknown setting; did you mean watch?',
      'signal: must be an AbortSignal, such as AbortSignal.timeout(60_000)',
      'onProgress 5: must be a function',
      'comand: unknown setting; did you mean command?',
      "cwd: must be a folder, such as '../old'",
      'url nowhere: must be a URL that begins with http:// or https://',
      expect.stringMatching(/^watch '1s': must be a duration .*, such as watch: '65s'$/),
      expect.stringMatching(/^method 'HEAD': its response has no body/),
    ]);
  });
});

test.each([undefined, null, 5])('check and findLeaks refuse the server %s', async (app) => {
  const missing = expect.stringMatching(/^url is missing: give the URL of the server’s stream/);
  for (const refusing of [check, findLeaks])
    await expect(refusing(app as unknown as App)).rejects.toMatchObject({
      name: 'BadInput',
      complaints: expect.arrayContaining([missing]) as string[],
    });
});

test('check and findLeaks refuse files and names of the wrong type', async () => {
  const settings = { junit: 5, markdown: '' } as object;
  const files = ['junit 5: must be a file name', expect.stringMatching(/^markdown '': must be /)];
  await expect(check({ url }, settings)).rejects.toMatchObject({
    complaints: expect.arrayContaining(files) as string[],
  });
  await expect(findLeaks({ url }, { ...settings, name: '' })).rejects.toMatchObject({
    complaints: expect.arrayContaining([
      ...files,
      expect.stringMatching(/^name '': must be /),
    ]) as string[],
  });
});

describe('compare', () => {
  const result = runResult(['express'], [measuredRound('express', 1)]);

  test('takes results, and gives no verdict without enough rounds', () => {
    const { outcome, exitCode, servers } = compare(result, result, { failOn: 'worse' });
    expect({ outcome, exitCode }).toEqual({ outcome: 'unjudged', exitCode: 3 });
    expect(servers.length).toBeGreaterThan(0);
  });

  test('complains about everything at once', () => {
    const settings = { failOn: 'better', anyways: true } as object;
    expect(complaints(() => compare('nowhere', {} as typeof result, settings))).toEqual([
      'baseline nowhere: no result found; name the folder of a result, or its result.json',
      expect.stringMatching(/^candidate: is not a result of ssebench \(schemaVersion: /),
      'anyways: unknown setting; did you mean anyway?',
      'failOn better: must be worse or inconclusive',
    ]);
  });

  test('writes the verdicts for CI, without a summary of the job', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
    const [junit, markdown] = [join(folder, 'a.xml'), join(folder, 'a.md')];
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(folder, 'summary'));
    try {
      compare(result, result, { junit, markdown });
      expect(readFileSync(junit, 'utf8')).toContain('<testsuite');
      expect(readFileSync(markdown, 'utf8')).toContain('express');
      expect(readdirSync(folder).toSorted()).toEqual(['a.md', 'a.xml']);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }
  });

  test('refuses files that cannot be written', () => {
    const settings = { junit: join(import.meta.filename, 'a.xml'), markdown: 5 } as object;
    expect(complaints(() => compare(result, result, settings))).toEqual([
      'markdown 5: must be a file name',
      expect.stringMatching(/^junit .*settings\.test\.ts\/a\.xml: .*; choose another file$/),
    ]);
    expect(complaints(() => compare(result, result, { junit: '' }))).toEqual([
      "junit '': must be a file name, such as junit: 'comparison.xml'",
    ]);
  });

  test('refuses results of different conditions unless anyway is true', () => {
    const other = {
      ...result,
      scenario: { ...result.scenario, streams: result.scenario.streams + 1 },
    };
    expect(complaints(() => compare(result, other))).toEqual([
      expect.stringContaining('differs in'),
      'Measure both under the same conditions, or compare them with anyway: true.',
    ]);
    expect(compare(result, other, { anyway: true }).differences).toHaveLength(1);
  });
});

test.each([
  ['--quiet-streams 5: must be 1', 'quietStreams 5: must be 1'],
  [
    '--streams 0: must be one, such as --streams 1000',
    'streams 0: must be one, such as streams: 1000',
  ],
  ['--duration 1: bad, such as --duration 10s', "duration 1: bad, such as duration: '10s'"],
  ['mine: a worker; give the primary, --pid 5', 'mine: a worker; give the primary, pid 5'],
  ['--header x: bad', 'headers x: bad'],
  [
    "--header a: must be a name without spaces, a colon, and a value, such as --header 'Authorization: Bearer abc'",
    "headers a: must be a name without spaces, and a value, such as headers: { Authorization: 'Bearer abc' }",
  ],
  [
    '--cookie a: must be a name, =, and a value, such as --cookie session=abc',
    "cookies a: must be a name, and a value, such as cookies: { session: 'abc' }",
  ],
  ['http://a/: use --no-probe', 'http://a/: use probe: false'],
  ['--unknown x: bad', '--unknown x: bad'],
])('%s becomes %s', (complaint, expected) => expect(inProgramWords(complaint)).toBe(expected));
