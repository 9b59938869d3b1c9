/** The command line as a user sees it: real processes, from the first word to the exit code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { exitCodes, type ExitCodeName } from '../../result/exit-codes.ts';
import { childrenOf, isAlive } from '../../system/processes.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { runResultSchema, type RunResult } from '../../result/run-result.ts';
import { optionGroups } from '../../scenario/options.ts';
import { namedScenarios } from '../../scenario/named-scenarios.ts';
import { placement } from '../../system/cores.ts';
import { startServer } from '../../under-test/server.ts';
import { checks } from '../../verdict/validity.ts';
import { definition as run } from '../../commands/definitions/run.ts';
import { commands } from '../../commands/table.ts';
import { manuals } from '../../commands/manuals.ts';
import { atTerminal } from '../fixtures/helpers/at-terminal.ts';
import { startCommandProcess, type CommandProcess } from '../fixtures/helpers/command-process.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { fixture } from '../fixtures/helpers/round.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
/** Long enough for all streams to open, also on a busy machine. */
const small =
  '--streams 20 --interval 50ms --ramp 100ms --warmup 1s --duration 1s --rounds 1'.split(' ');

let shared: CommandProcess;
beforeAll(() => {
  shared = startCommandProcess();
});
afterAll(() => shared.end());

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts the command in the test's folder. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, ended };
}
const ssebench = (...args: string[]) => start(...args).ended;
/** For commands that start nothing. */
const inTurn = (...words: string[]) => shared.run({ words, folder });
const resultIn = (name: string): RunResult =>
  runResultSchema.parse(JSON.parse(readFileSync(join(folder, name, 'result.json'), 'utf8')));

/** The exit code of a complete run. On a busy machine its figures may be invalid. */
const codeOf = (result: RunResult) =>
  findingsOf(result).summaries.some(({ invalid }) => invalid)
    ? exitCodes.invalid
    : exitCodes.success;

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:');
  } catch {
    return false; // closed meanwhile
  }
}

function socketsOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
}

/**
 * Waits until the command has started a server and a generator, and returns their pids. The shell
 * that starts the supervisor is its child too, for a moment.
 */
async function childrenOnce(pid: number): Promise<number[]> {
  let found: number[] = [];
  await expect
    .poll(() => {
      const isOurs = /node --inspect.*servers|generator\.ts/;
      found = childrenOf(pid).flatMap((child) => (isOurs.test(child.command) ? child.pid : []));
      return found;
    })
    .toHaveLength(2);
  return found;
}

describe('run', () => {
  test('a run prints the table, and writes the result and its reports', async () => {
    const { code, stdout, stderr } = await ssebench(
      'run',
      'express',
      'floor',
      ...small,
      '--rounds',
      '2',
      '--seed',
      '5',
      '--out',
      'mine',
    );
    expect(stderr).toMatch(
      /^Measuring express, floor: 20 streams and 4 quiet streams; one event per 50ms; .*; 2 rounds in shuffled order\. About \d+ s;/,
    );
    expect(stderr).toContain('[4/4] ');
    expect(stderr).toContain(
      'Full report: mine/report.html (same folder: report.md and result.json).',
    );
    expect(stdout).toMatch(/^\n(.*\n){1,2}\nserver +TTFE p99/);
    expect(stdout).toMatch(/^express /m);
    expect(stdout).toMatch(/^floor /m);
    expect(stdout + stderr).not.toContain('\u001b'); // not a terminal, so no colours

    const result = resultIn('mine');
    expect(code).toBe(codeOf(result));
    expect(result).toMatchObject({ status: 'complete', servers: ['express', 'floor'] });
    expect(result.command).toBe(
      'npm run bench -- express floor --streams 20 --interval 50ms --duration 1s --ramp 100ms --warmup 1s --rounds 2 --seed 5',
    );
    expect(result.environment.packages).toMatchObject({
      express: expect.stringMatching(/^5\./),
      undici: expect.stringMatching(/^8\./),
    });
    expect(result.rounds.map(({ state }) => state)).toEqual([
      'measured',
      'measured',
      'measured',
      'measured',
    ]);
    expect(readFileSync(join(folder, 'mine', 'report.md'), 'utf8')).toMatch(
      /^\| express( \(invalid\))? \|/m,
    );
  });

  test('a server that outlives its grace period hangs, with exit code 5', async () => {
    const port = String(await freePort());
    const { code, stdout } = await ssebench(
      'run',
      ...small,
      '--grace',
      '100ms',
      '--name',
      'stubborn',
      '--out',
      'hangs',
      '--url',
      `http://127.0.0.1:${port}/event?interval=50`,
      '--',
      process.execPath,
      fixture('never-exits'),
      '--port',
      port,
    );
    const result = resultIn('hangs');
    expect(result.rounds[0]).toMatchObject({ outcome: { kind: 'shutdown', wasKilled: true } });
    const isInvalid = codeOf(result) === exitCodes.invalid;
    expect(code).toBe(isInvalid ? exitCodes.invalid : exitCodes.unmet);
    const report = readFileSync(join(folder, 'hangs', 'report.md'), 'utf8');
    for (const text of isInvalid ? [] : [stdout, report])
      expect(text).toMatch(
        /stubborn: hangs: \d+ of 20 streams .* ssebench had to kill the process after/,
      );
  });

  test('--json prints only the result, and its folder is named after date and servers', async () => {
    const { stdout } = await ssebench('run', 'floor', ...small, '--json');
    const [name] = readdirSync(join(folder, 'results'));
    expect(name).toMatch(/^\d{4}-\d\d-\d\d-\d{6}-floor$/);
    const result = resultIn(join('results', name!));
    expect(result.name).toBe('floor');
    expect(runResultSchema.parse(JSON.parse(stdout))).toEqual(result);
  });

  describe('a URL', () => {
    const { server: [first] = [], load: [last] = [] } = placement() ?? {};
    const hasPlacement = placement() !== undefined;
    async function withServer<Found>(
      cores: number[] | undefined,
      use: (url: string, pid: number) => Promise<Found>,
    ): Promise<Found> {
      const server = await startServer(catalog['node-http']!.file, cores);
      try {
        return await use(`${server.origin}/event?interval=50&stamp`, server.pid);
      } finally {
        await server.stop();
      }
    }

    test('is measured with its headers, without their secrets, and with its cores', async () => {
      const headers = ['Authorization: Bearer s3cret', 'X-Plain: s3cret', 'Accept-Language: seen'];
      const words = headers.flatMap((line) => ['--header', line]);
      const { code, stderr, plan, pid } = await withServer(undefined, async (url, serverPid) => ({
        ...(await ssebench('run', url, ...small, ...words, '--out', 'mine')),
        plan: (await inTurn('run', url, '--plan')).stdout,
        pid: serverPid,
      }));
      const result = resultIn('mine');
      expect(code).toBe(codeOf(result));
      expect(result.rounds[0]).toMatchObject({
        state: 'measured',
        process: null,
        counts: { opened: 20, missing: 0 },
        failures: {},
      });
      expect(readFileSync(join(folder, 'mine', 'result.json'), 'utf8')).not.toContain('s3cret');
      expect(result.command).toContain("--header 'Accept-Language: seen'");
      if (!hasPlacement) return;
      const note = new RegExp(
        `http\\S+: the server can use core ${last}\\b.*, where the load runs\\. .* Restrict the server to core ${first}.*: taskset -a -c -p ${first}\\S* ${pid}\\.`,
      );
      expect(stderr).toMatch(new RegExp(`Measuring .*\n.*${note.source}\n\\[1/1\\]`));
      expect(plan).toMatch(note);
      expect(result.environment.placement).toMatchObject({ server: [], unpinned: true });
      const report = readFileSync(join(folder, 'mine', 'report.md'), 'utf8');
      expect(report).toMatch(/load on core \d+.*, server not pinned/);
      expect(report).not.toContain('server on core');
    });

    test.runIf(hasPlacement)('with a pinned server is loaded from other cores', async () => {
      for (const core of [first!, last!]) {
        const plan = await withServer([core], (url) => inTurn('run', url, '--plan', '--json'));
        const { placement: cores } = JSON.parse(plan.stdout).head.environment;
        expect(plan).toMatchObject({ code: 0, stderr: '' });
        expect(plan.stdout).not.toContain('taskset');
        expect(cores).toMatchObject({ server: [core], unpinned: false });
        expect(cores.load).not.toContain(core);
      }
    });
  });

  test('the server receives headers and credentials', async () => {
    const seen = Promise.withResolvers<string>();
    const server = createServer((socket) =>
      socket.on('error', () => {}).once('data', (request) => seen.resolve(String(request))),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://user:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { child, ended } = start('run', url, ...small, '--header', 'X-Mine: a: b');
    expect(await seen.promise).toMatch(/\r\nx-mine: a: b\r\n/i);
    expect(await seen.promise).toContain(
      `authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    );
    child.kill('SIGINT');
    await ended;
    server.close();
  });

  test('an address without a server gives exit code 1, with the cause', async () => {
    const url = `http://127.0.0.1:${await freePort()}/event`;
    const first = await ssebench('run', url, ...small);
    expect(first).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`${url}: connection refused (`),
    });
    const { code, stdout } = await ssebench('run', url, ...small, '--no-probe');
    expect(code).toBe(1);
    expect(stdout.trim()).toMatch(/^http\S+ failed: no stream opened: 20 × connection refused/);
  });

  /** A busy machine may stop the generator late, and its measurement must not have ended. */
  const seldomLate = { retry: 3 };

  test(
    'a stopped generator: an invalid round, with a remedy and exit code 3',
    seldomLate,
    async () => {
      const words = ['--warmup', '100ms', '--duration', '10s', '--out', 'mine'];
      const { child, ended } = start('run', 'floor', ...small, ...words);
      const generator = () =>
        childrenOf(child.pid!).find(({ command }) => command.includes('generator.ts'))?.pid;
      // When it warms up, it has more sockets, and not for as long.
      let polls = 0;
      const hasStreams = (sockets: number) => sockets >= 24 && sockets < 60;
      await expect
        .poll(() => (polls = hasStreams(socketsOf(generator())) ? polls + 1 : 0), { interval: 10 })
        .toBeGreaterThanOrEqual(50);
      const pid = generator()!;
      process.kill(pid, 'SIGSTOP');
      await sleep(1_000);
      process.kill(pid, 'SIGCONT');
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(exitCodes.invalid);
      expect(stderr).toMatch(/\[1\/1\] floor, round 1: .*; invalid: .*a generator paused for/);
      expect(stdout).toMatch(/^floor \(invalid\) /m);
      expect(stdout).toMatch(
        /^floor: round 1 invalid: a generator paused for .* Stop other programs on this machine/m,
      );
      expect(readFileSync(join(folder, 'mine', 'report.md'), 'utf8')).toContain(
        '| floor (invalid) |',
      );
      expect(resultIn('mine').rounds[0]).toMatchObject({
        doubts: expect.arrayContaining([expect.objectContaining({ check: 'generator pause' })]),
      });
    },
  );

  test('a server that dies gives exit code 1, and the others are measured', async () => {
    const { child, ended } = start('run', 'floor', 'express', ...small, '--out', 'mine');
    const server = () =>
      childrenOf(child.pid!).find(({ command }) => /node --inspect.*servers/.test(command))?.pid;
    // Keep the first match: between its wrappers the process has no command line.
    let victim: number | undefined;
    await expect.poll(() => (victim = server())).toBeDefined();
    process.kill(victim!, 'SIGKILL');
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(resultIn('mine').rounds.map(({ state }) => state)).toEqual(['failed', 'measured']);
    expect(stdout).toMatch(/^(floor|express)( +failed){8}$/m);
    expect(stdout).toMatch(/killed by SIGKILL/);
  });
});

describe('an early end', () => {
  const long = ['run', 'floor', 'express', '--streams', '20', '--duration', '20s', '--out', 'mine'];

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'one %s stops the run, and saves a partial result',
    async (signal) => {
      const { child, output, ended } = start(...long);
      const children = await childrenOnce(child.pid!);
      child.kill(signal);
      const { code } = await ended;
      expect(code).toBe(130);
      expect(output.stderr).toContain('Stopping');
      expect(children.filter(isAlive)).toEqual([]);
      const result = resultIn('mine');
      expect(result.status).toBe('partial');
      expect(result.rounds).toMatchObject([{ state: 'failed', message: 'interrupted' }]);
    },
  );

  test('two SIGINTs end the run at once, and leave no process running', async () => {
    async function interruptedTwice(): Promise<{ code: number | null; isSaved: boolean }> {
      const { child, ended } = start(...long, '--ramp', '100ms', '--warmup', '0s');
      const children = await childrenOnce(child.pid!);
      // With all streams open, an orderly end takes long enough for a second signal.
      await expect.poll(() => Math.min(...children.map(socketsOf))).toBeGreaterThanOrEqual(24);
      child.stderr.on('data', (text) => String(text).includes('Stopping') && child.kill('SIGINT'));
      child.kill('SIGINT');
      const { code } = await ended;
      await expect.poll(() => children.filter(isAlive)).toEqual([]);
      const isSaved = existsSync(join(folder, 'mine'));
      rmSync(join(folder, 'mine'), { recursive: true, force: true });
      return { code, isSaved };
    }
    // The second signal of a busy machine can be too late. A run that ignores it always saves.
    for (let attempts = 5; ; attempts--) {
      const { code, isSaved } = await interruptedTwice();
      expect(code).toBe(130);
      if (!isSaved) break;
      expect(attempts).toBeGreaterThan(1);
    }
  });

  test('kill -9 leaves no process running', async () => {
    const { child, ended } = start(...long);
    const children = await childrenOnce(child.pid!);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => children.filter(isAlive)).toEqual([]);
  });
});

describe('bad input', () => {
  test('a folder with a result is not overwritten', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'result.json'), 'precious');
    const { code, stderr } = await inTurn('run', 'floor', ...small, '--out', 'mine');
    expect(code).toBe(2);
    expect(stderr).toContain('--out mine: already holds a result');
    expect(readFileSync(join(folder, 'mine', 'result.json'), 'utf8')).toBe('precious');
  });
});

test('a reader may close stdout early', async () => {
  const { child, ended } = start('run', '--help');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

describe('help', () => {
  test('run --help has its options in groups, and each option once', async () => {
    const { code, stdout } = await inTurn('run', '--help');
    expect(code).toBe(0);
    const headings = [...stdout.matchAll(/^([A-Z][\w ]+):$/gm)].map(([, heading]) => heading);
    const groups = run.groups.map(({ title }) => title);
    expect(groups.slice(0, 3)).toEqual(['Your own server', 'Load', 'Load kinds']);
    expect(headings.slice(0, 1 + groups.length)).toEqual(['Examples', ...groups]);
    const groupOf = (flag: string) => {
      const places = [...stdout.matchAll(new RegExp(`^ {2}(?:-\\w, | {4})${flag} `, 'gm'))];
      expect(places).toHaveLength(1);
      const before = stdout.slice(0, places[0]!.index);
      return [...before.matchAll(/^([A-Z][\w ]+):$/gm)].at(-1)![1]!;
    };
    const titles: Record<string, string> = {
      kinds: 'load kinds',
      reference: 'reference servers only',
      events: 'events of your own server',
    };
    for (const [name, options] of Object.entries(optionGroups))
      for (const { flags } of Object.values(options))
        expect(groupOf(flags.split(' ')[0]!).toLowerCase()).toBe(titles[name] ?? name);
    expect(['--header', '--leak-check', '--expect', '--json', '--help'].map(groupOf)).toEqual([
      'Requests to your own server',
      'Measurement',
      'Comparison',
      'Output',
      'Output',
    ]);
  });

  test('run --help answers the first questions, in at most 100 columns', async () => {
    const { stdout } = await inTurn('run', '--help');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    for (const answer of [
      /^ {2}npm run bench -- --url http:\/\/127\.0\.0\.1:3000\/event -- node server\.js\s+your own server$/m,
      /^ {2}npm run bench -- express fastify --rounds 6\s+compare, with verdicts$/m,
      /^ {2}npm run bench -- koa --rounds 6 --baseline main --fail-on worse\s+fail a slower pull request$/m,
      /^ {2}release p99, ms +How long the server takes to clean up\. All streams disconnect/m,
      /^ {2}A round is invalid if the load generator or the machine distorted it, for example/m,
      /^ {2}3 +a server has no valid round or no verdict for --fail-on, or was not inspected$/m,
      /^ {2}-c, --streams <n> +concurrent streams \(default: 1000; URL alone: 100\)$/m,
      /^ {2}-d, --duration <time> /m,
      /^ {2}-H, --header <line> /m,
    ])
      expect(stdout).toMatch(answer);
    for (const name of Object.keys(exitCodes) as ExitCodeName[])
      expect(stdout).toContain(`\n  ${String(exitCodes[name]).padEnd(3)}  ${run.exits[name]}\n`);
  });

  test.each(Object.keys(commands))('help %s is the same as --help of it', async (command) => {
    const asked = await inTurn('help', command);
    const option = await inTurn(command, '--help');
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked).toEqual(option);
    expect(asked.stdout).toContain(`Usage: ssebench ${command} `);
  });

  test('help alone is the same as --help, and names every command and manual', async () => {
    const [alone, option] = [await inTurn('help'), await inTurn('--help')];
    expect(alone).toEqual(option);
    for (const name of [...Object.keys(commands), ...Object.keys(manuals)])
      expect(alone.stdout).toMatch(new RegExp(`^ {2}(npm run ssebench -- help )?${name}\\b`, 'm'));
  });

  test.each([
    ['scenarios', Object.keys(namedScenarios).map((name) => `\n${name}:\n`)],
    ['servers', Object.entries(catalog).map(([name]) => `\n  ${name} `)],
    ['metrics', ['  release.{p50,', '(delivery, ms)', '  held-timers (']],
    ['validity', checks.map(({ name }) => `\n${name}:\n`)],
    ['exit-codes', Object.values(exitCodes).map((code) => `${code}  `)],
  ])('help %s prints the manual from the tables', async (manual, parts) => {
    const { code, stdout } = await inTurn('help', manual);
    expect(code).toBe(0);
    expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
  });
});

test('short options are the long ones', async () => {
  const given = ['floor', '--plan', '--json', '--seed', '1'];
  const short = await inTurn('run', ...given, '-c', '20', '-d1s', '-H', 'X-A: b');
  const words = ['--streams', '20', '--duration', '1s', '--header', 'X-A: b'];
  const long = await inTurn('run', ...given, ...words);
  const headOf = ({ stdout }: { stdout: string }) => ({
    ...JSON.parse(stdout).head,
    startedAt: undefined,
  });
  expect(headOf(short)).toEqual(headOf(long));
  expect(headOf(short).scenario).toMatchObject({ streams: 20, durationMs: 1_000 });
});

describe('at a terminal', () => {
  const compared = (environment: Record<string, string>, ...more: string[]) => {
    const reference = fileURLToPath(new URL('../../../results/reference', import.meta.url));
    return atTerminal(folder, ['compare', reference, reference, ...more], environment);
  };
  const escape = '\u001b[';

  test('there are colours, unless NO_COLOR is set', async () => {
    const [usual, plain] = [compared({}), compared({ NO_COLOR: '1' })];
    await Promise.all([usual.ended, plain.ended]);
    expect(usual.screen()).toContain(escape);
    expect(plain.screen()).not.toContain(escape);
    expect(plain.screen()).toContain('express');
  });

  test('run --quiet shows the table and nothing else, and report --quiet nothing', async () => {
    const quiet = atTerminal(folder, ['run', 'floor', ...small, '--out', 'mine', '-q'], {
      NO_COLOR: '1',
    });
    await quiet.ended;
    expect(quiet.screen()).not.toContain(escape);
    expect(quiet.screen()).not.toMatch(/Measuring|\[1\/1\]|Full report/);
    expect(quiet.screen()).toMatch(/^(?:\s*\S[^\n]*\n){0,3}\s*(?:server |floor)/);
    expect(await inTurn('report', 'mine', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stderr } = await inTurn('report', 'theirs', '--quiet');
    expect({ code, stderr }).toEqual({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('theirs: no result found'),
    });
  });

  test('help is as wide as the terminal', async () => {
    const narrow = atTerminal(folder, ['run', '--help'], { COLUMNS: '80', NO_COLOR: '1' });
    await narrow.ended;
    const lines = narrow.screen().split('\r\n');
    expect(lines.filter((line) => line.length > 80 && !line.includes('npm run'))).toEqual([]);
  });
});

describe('serve', () => {
  test('the server runs in the foreground until Ctrl-C', async () => {
    // No other test listens at this address, so nothing answers there once the server has ended.
    const { child, output, ended } = start('serve', 'express', '--port=0', '--host=127.0.0.77');
    await expect.poll(() => output.stdout).toMatch(/^Server is running on port \d+\n.*\/event\n$/);
    const [, url] = /(http:\S+)\/event/.exec(output.stdout)!;
    expect((await fetch(url!)).status).toBe(200);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    await expect(fetch(url!)).rejects.toThrow();
  });

  test('a taken port is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await ssebench('serve', 'express', '--port', String(port));
    server.close();
    expect(code).toBe(2);
    expect(stderr).toContain(
      `  --port ${port}: in use on 127.0.0.1; choose another port, or 0 for a free one`,
    );
  });
});
