/**
 * Full disks, files in the way, and two runs into one folder: real commands, up to their exit
 * codes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { measuredRound, runResult } from '../fixtures/helpers/result.ts';
import { runResultSchema } from '../../result/run-result.ts';
import { save } from '../fixtures/helpers/reports.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const leaky = fileURLToPath(new URL('../../../servers/faulty/never-cleared.ts', import.meta.url));
/** Long enough for the streams to open, also on a busy machine. Otherwise the round fails. */
const small =
  '--streams 5 --interval 20ms --ramp 50ms --warmup 1s --duration 500ms --rounds 1'.split(' ');
/** On a busy machine the figures of a run may be invalid, which gives exit code 3. */
const orInvalid = (code: number) => [code, exitCodes.invalid];
const stackTrace = /^\s+at /m;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Surroundings {
  /** Words before the command. */
  before?: readonly string[];
  env?: Record<string, string>;
  stdout?: number | 'pipe';
}

async function ssebench(
  args: readonly string[],
  { before = [], env = {}, stdout = 'pipe' }: Surroundings = {},
) {
  const [file, ...words] = [...before, process.execPath, cli, ...args];
  const child = spawn(file!, words, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text) => (output.stdout += text));
  child.stderr!.on('data', (text) => (output.stderr += text));
  const [code] = await once(child, 'close');
  return { code: code as number, ...output };
}

const everyFile = () => readdirSync(folder, { recursive: true }).map(String);
const unfinished = () => everyFile().filter((file) => /\.new$|\.ssebench-/.test(file));
const readIn = (name: string) =>
  runResultSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));

describe('a result file that cannot be written', () => {
  test('a run reports every file that it cannot write, and saves its result', async () => {
    const taken = ['mine/report.html', 'mine/report.md', 'results/baselines/main/report.md'];
    for (const file of taken) mkdirSync(join(folder, file, 'in-the-way'), { recursive: true });
    const words = ['run', 'floor', ...small, '--out', 'mine', '--save-baseline', 'main'];
    const { code, stdout, stderr } = await ssebench(words);
    expect(orInvalid(exitCodes.failure)).toContain(code);
    for (const file of ['report.html', 'report.md'])
      expect(stderr).toMatch(
        new RegExp(
          `^${file.replace('.', '\\.')} could not be written to mine \\(E\\w+, .*\\); free some space, then create it with npm run report -- mine$`,
          'm',
        ),
      );
    expect(stderr).toMatch(
      code === exitCodes.failure
        ? /^Baseline main could not be written to results\/baselines\/main \(E\w+, /m
        : /^Baseline main not saved/m,
    );
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toMatch(/^floor/m);
    expect(readIn('mine/result.json').status).toBe('complete');
    expect(unfinished()).toEqual([]);
  });

  test('the report command writes the others, and exits with 1', async () => {
    const [html, md] = ['report.html', 'report.md'];
    const results = [
      { name: 'one', taken: html, other: md },
      { name: 'two', taken: md, other: html },
    ] as const;
    for (const { name, taken, other } of results) {
      save(join(folder, name), runResult(['koa'], [measuredRound('koa', 1)]));
      for (const file of [taken, other]) rmSync(join(folder, name, file), { force: true });
      mkdirSync(join(folder, name, taken, 'in-the-way'), { recursive: true });
    }
    save(join(folder, 'three'), runResult(['koa'], [measuredRound('koa', 1)]));
    const names = [...results.map(({ name }) => name), 'three'];
    const { code, stderr } = await ssebench(['report', ...names]);
    expect(code).toBe(exitCodes.failure);
    for (const { name, taken, other } of results) {
      expect(stderr).toMatch(
        new RegExp(`^${taken} could not be written to ${name} \\(E\\w+, `, 'm'),
      );
      expect(existsSync(join(folder, name, other))).toBe(true);
    }
    expect(stderr).toMatch(/^Written: three\/report\.html/m);
    expect(stderr).not.toMatch(stackTrace);
    expect(unfinished()).toEqual([]);
  });
});

const ways = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
] as const;
const mounting = ways.find(
  ([file, ...options]) =>
    spawnSync(file, [...options, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
);

describe.runIf(mounting)('a full disk', () => {
  /**
   * Mounts a disk of this size on the folder “disk”. In the end the names of its files are printed
   * to stderr.
   */
  const onDisk = (size: string, filler = 'true') => [
    ...mounting!,
    'sh',
    '-c',
    `mkdir -p disk && mount -t tmpfs -o size=${size} none disk && mkdir disk/tmp && { ${filler}; "$@"; code=$?; find disk -type f | sed 's/^/on the disk: /' >&2; exit $code; }`,
    'sh',
  ];
  const filesOn = (stderr: string) =>
    [...stderr.matchAll(/^on the disk: (.*)$/gm)].map(([, file]) => file!).toSorted();

  test('everything is written except a page that does not fit', async () => {
    const { code, stdout, stderr } = await ssebench(
      ['run', 'floor', ...small, '--out', 'disk/mine'],
      { before: onDisk('200k') },
    );
    expect(orInvalid(exitCodes.failure)).toContain(code);
    expect(stderr).toContain(
      'report.html could not be written to disk/mine (ENOSPC, no space left on device)',
    );
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toMatch(/^floor/m);
    expect(filesOn(stderr)).toEqual(['disk/mine/report.md', 'disk/mine/result.json']);
  });

  test('a result that does not fit is saved elsewhere', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const { code, stdout, stderr } = await ssebench(
      ['run', 'floor', ...small, '--out', 'disk/mine'],
      { before: onDisk('8k'), env: { TMPDIR: temporary } },
    );
    expect(orInvalid(exitCodes.failure)).toContain(code);
    const [, file] =
      /^result\.json could not be written to disk\/mine \(ENOSPC, no space left on device\); it is in (\S+) instead\. Create its reports with npm run report -- \S+$/m.exec(
        stderr,
      )!;
    expect(file).toMatch(temporary);
    expect(runResultSchema.parse(JSON.parse(readFileSync(file!, 'utf8')))).toMatchObject({
      status: 'complete',
      rounds: [{ state: 'measured' }],
    });
    expect(stdout).toMatch(/^floor/m);
    expect(filesOn(stderr).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('a result that fits nowhere is printed', async () => {
    const { code, stdout, stderr } = await ssebench(
      ['run', 'floor', ...small, '--out', 'disk/mine'],
      { before: onDisk('8k'), env: { TMPDIR: join(folder, 'disk/tmp') } },
    );
    expect(orInvalid(exitCodes.failure)).toContain(code);
    expect(stderr).toContain(
      'result.json could not be written to disk/mine (ENOSPC, no space left on device), nor anywhere else; copy it from here',
    );
    const printed = stdout.split('\n').find((line) => line.startsWith('{'))!;
    expect(runResultSchema.parse(JSON.parse(printed))).toMatchObject({
      status: 'complete',
      rounds: [{ state: 'measured' }],
    });
    expect(
      filesOn(stderr).filter((name) => name.endsWith('.new') || name.startsWith('disk/tmp')),
    ).toEqual([]);
  });

  test('a disk that is full before the start is refused', async () => {
    const { code, stdout, stderr } = await ssebench(
      ['run', 'floor', ...small, '--out', 'disk/mine'],
      { before: onDisk('8k', 'cat /dev/zero > disk/filler 2>/dev/null') },
    );
    expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
    expect(stderr).toMatch(
      /^Error: invalid input; nothing was started:\n {2}--out disk\/mine: cannot be written to \(ENOSPC\); choose another folder$/m,
    );
    expect(filesOn(stderr)).toEqual(['disk/filler']);
  });
});

describe.runIf(existsSync('/dev/full'))('a stdout that cannot be written to', () => {
  const full = async (...args: string[]) => {
    const stdout = openSync('/dev/full', 'w');
    const ended = await ssebench(args, { stdout, env: { TMPDIR: folder } });
    closeSync(stdout);
    return ended;
  };

  test('run --json fails, and saves the JSON elsewhere', async () => {
    const { code, stderr } = await full('run', 'floor', ...small, '--json', '--out', 'mine');
    expect(orInvalid(exitCodes.failure)).toContain(code);
    const [, file] = /^stdout could not be written to \(ENOSPC\); the output is in (\S+)\.$/m.exec(
      stderr,
    )!;
    expect(JSON.parse(readFileSync(file!, 'utf8'))).toEqual(readIn('mine/result.json'));
    expect(stderr).not.toMatch(stackTrace);
  });

  test('compare --json and --help fail', async () => {
    save(join(folder, 'one'), runResult(['koa'], [measuredRound('koa', 1)]));
    const compared = await full('compare', 'one', 'one', '--json');
    expect(compared).toMatchObject({
      code: exitCodes.failure,
      stderr: expect.stringMatching(
        /^stdout could not be written to \(ENOSPC\); the output is in \S+\.\n$/,
      ),
    });
    expect(await full('--help')).toMatchObject({
      code: exitCodes.failure,
      stderr: 'stdout could not be written to (ENOSPC).\n',
    });
  });
});

describe.runIf(process.platform === 'linux')('a JUnit file of leaks', () => {
  const quickly = ['--modes', 'close', '--streams', '5'];
  const checked = (server: readonly string[], junit: string, ...command: string[]) =>
    ssebench(['leaks', ...server, ...quickly, '--junit', junit, ...command]);

  test('a failure to write it gives exit code 1 for a clean server', async () => {
    const { code, stdout, stderr } = await checked(['floor'], '/dev/full');
    expect({ code, stdout }).toEqual({
      code: exitCodes.failure,
      stdout: expect.stringMatching(/clean/i),
    });
    expect(stderr).toContain(
      '--junit /dev/full: could not be written (ENOSPC, no space left on device). The printed verdicts are complete.',
    );
    expect(stderr).not.toMatch(stackTrace);
  });

  test('a failure to write it does not hide the exit code of a leak', async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await checked(
      ['--url', `http://127.0.0.1:${port}/event?interval=50`, '--deadline', '300ms'],
      '/dev/full',
      '--',
      process.execPath,
      leaky,
      '--port',
      String(port),
    );
    expect({ code, stdout }).toEqual({
      code: exitCodes.leaking,
      stdout: expect.stringContaining('never-cleared.ts:'),
    });
    expect(stderr).toContain(
      '--junit /dev/full: could not be written (ENOSPC, no space left on device)',
    );
    expect(stderr).not.toMatch(stackTrace);
  });

  test('it can be a device or a symbolic link', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const failing = (junit: string) => [
      'leaks',
      '--url',
      url,
      ...quickly,
      '--junit',
      junit,
      '--',
      'false',
    ];
    // Node's own pipes are sockets, which cannot be opened by path.
    const piped = { before: ['sh', '-c', '"$@" | cat', 'sh'] };
    expect(await ssebench(failing('/dev/stdout'), piped)).toMatchObject({
      stdout: expect.stringContaining('<testsuites'),
      stderr: '',
    });
    writeFileSync(join(folder, 'target.xml'), 'old');
    symlinkSync('target.xml', join(folder, 'link.xml'));
    expect(await ssebench(failing('link.xml'))).toMatchObject({ code: exitCodes.invalid });
    expect(readFileSync(join(folder, 'target.xml'), 'utf8')).toContain('<testsuites');
    expect(lstatSync(join(folder, 'link.xml')).isSymbolicLink()).toBe(true);
    expect(everyFile().toSorted()).toEqual(['link.xml', 'target.xml']);
  });
});

describe('the folder of a result', () => {
  /** Everything that a directory listing shows of a folder and its files. */
  const stateOf = (path: string) =>
    [path, ...readdirSync(path).map((file) => join(path, file))].map((file) => ({
      file,
      ...lstatSync(file, { bigint: true }),
      atimeMs: 0n,
      atimeNs: 0n,
      atime: 0,
    }));

  test.each([
    ['that exists', 'mine'],
    ['that does not exist', 'mine/new/deep'],
  ])('--plan changes nothing in a folder %s', async (_which, out) => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync('../precious', join(folder, 'mine', '.ssebench-trial'));
    const before = [stateOf(folder), stateOf(join(folder, 'mine'))];
    expect(
      await ssebench(['run', 'floor', '--plan', '--out', out, '--save-baseline', 'main']),
    ).toMatchObject({ code: exitCodes.success, stderr: '' });
    expect([stateOf(folder), stateOf(join(folder, 'mine'))]).toEqual(before);
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  });

  test('symbolic links with names of result files are not followed', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'precious'), 'precious');
    for (const name of [
      '.ssebench-trial',
      'report.md',
      'report.html',
      'comparison.md',
      'result.json.new',
      'report.md.new',
      'report.html.new',
    ])
      symlinkSync('../precious', join(folder, 'mine', name));
    const { code } = await ssebench(['run', 'floor', ...small, '--out', 'mine']);
    expect(orInvalid(exitCodes.success)).toContain(code);
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
    for (const file of ['result.json', 'report.md', 'report.html'])
      expect(lstatSync(join(folder, 'mine', file)).isFile()).toBe(true);
  });

  test('a symbolic link in place of the result counts as a result', async () => {
    mkdirSync(join(folder, 'mine'));
    symlinkSync('../nowhere', join(folder, 'mine', 'result.json'));
    expect(await ssebench(['run', 'floor', ...small, '--out', 'mine'])).toMatchObject({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('--out mine: already holds a result'),
    });
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test.each([
    ['does not exist', false],
    ['exists', true],
  ])('only one of three simultaneous runs gets a folder that %s', async (_which, isThere) => {
    if (isThere) mkdirSync(join(folder, 'mine'));
    const runs = await Promise.all(
      ['floor', 'node-http', 'floor'].map((server) =>
        ssebench(['run', server, ...small, '--out', 'mine']),
      ),
    );
    const refused = runs.filter(({ code }) => code === exitCodes.badInput);
    expect(refused).toHaveLength(2);
    for (const { stdout, stderr } of refused)
      expect({ stdout, stderr }).toEqual({
        stdout: '',
        stderr:
          'Error: invalid input; nothing was started:\n  --out mine: already holds a result; choose another folder\n',
      });
    const measured = runs.find(({ code }) => code !== exitCodes.badInput);
    expect(orInvalid(exitCodes.success)).toContain(measured!.code);
    expect(readIn('mine/result.json')).toMatchObject({
      status: 'complete',
      rounds: [{ state: 'measured' }],
    });
    expect(measured!.stdout).toMatch(new RegExp(`^${readIn('mine/result.json').servers[0]} `, 'm'));
    expect(everyFile().toSorted()).toEqual([
      'mine',
      'mine/report.html',
      'mine/report.md',
      'mine/result.json',
    ]);
  });

  test('simultaneous runs into new neighbouring folders are all measured', async () => {
    const runs = await Promise.all(
      ['one', 'two'].map((name) => ssebench(['run', 'floor', ...small, '--out', `new/${name}`])),
    );
    for (const { code } of runs) expect(orInvalid(exitCodes.success)).toContain(code);
    for (const name of ['one', 'two'])
      expect(readIn(`new/${name}/result.json`).status).toBe('complete');
  });
});
