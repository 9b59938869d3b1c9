/**
 * Marked secrets go into everything that users can type or servers can send. No output may contain
 * any of them.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, onTestFinished } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import {
  runCommand,
  startCommandProcess,
  type CommandProcess,
  type Ended,
} from '../fixtures/helpers/command-process.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { leakingVerdict } from '../fixtures/helpers/leaks.ts';
import { failedRound, measuredRound, runResult } from '../fixtures/helpers/result.ts';
import { findLeaks } from '../../index.ts';

/** Marker → the place where the secret was put. */
const places = new Map<string, string>();
function secret(place: string): string {
  const marker = `m${randomBytes(6).toString('hex')}`;
  places.set(marker, place);
  return marker;
}
/**
 * Finds all secrets in one pass. No marker can start within another, because `m` is not a
 * hexadecimal digit.
 */
const foundIn = (text: string) =>
  (text.match(/m[\da-f]{12}/g) ?? []).flatMap((marker) => places.get(marker) ?? []);

/** @param where description of the text, for failures */
function expectNoSecret(where: string, text: string) {
  expect({ where, secrets: foundIn(text) }).toEqual({ where, secrets: [] });
}

const parameters = [
  'ticket',
  'sig',
  'jwt',
  'code',
  'sid',
  'pwd',
  'credential',
  'state',
  'bearer',
  'token',
  'id',
  'room',
  'x',
];
const headers = [
  'Authorization',
  'Cookie',
  'X-Jwt',
  'X-Signature',
  'X-Credential',
  'X-Pwd',
  'X-Sid',
  'X-Custom',
  'Last-Event-ID',
];

/** A URL with a secret in every place that can hold one. The path is not a secret. */
function secretUrl(origin: string, path: string): string {
  const query = parameters.map((name) => `${name}=${secret(`${path}, ?${name}`)}`).join('&');
  const url = new URL(
    `${origin}/${path};sid=${secret(`${path}, path`)}?${query}&${secret(`${path}, ? alone`)}&interval=20#${secret(`${path}, fragment`)}`,
  );
  url.username = secret(`${path}, user`);
  url.password = secret(`${path}, password`);
  return url.href;
}
const secretHeaders = () =>
  headers.flatMap((name) => ['--header', `${name}: Bearer ${secret(`header ${name}`)}`]);

/** The arguments of all processes of this machine that the test may read. */
const argumentsOfProcesses = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // it has ended
      }
    })
    .join('\n');
const seenArguments: string[] = [];

/** Refuses a request with the key in its body. */
async function repeatKey(req: IncomingMessage, res: ServerResponse) {
  const body = await textOf(req);
  seenArguments.push(argumentsOfProcesses());
  const [, key] = /api_key(?:":"|=)(\w+)/.exec(body)!;
  res.writeHead(401, `no such key ${key}`).end(`no such key ${key}`);
}

let folder = '';
let commands: CommandProcess;
let server: Server;
let origin = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  commands = startCommandProcess();
  server = createServer((req, res) => {
    if (req.url!.startsWith('/redirects'))
      return res
        .writeHead(302, {
          Location: `http://${secret('Location, user')}:${secret('Location, password')}@127.0.0.1/login?token=${secret('Location, token')}#${secret('Location, fragment')}`,
        })
        .end();
    if (req.url!.startsWith('/moves'))
      return res.writeHead(307, { Location: `/login?token=${secret('Location of a path')}` }).end();
    if (req.url!.startsWith('/refuses'))
      return res
        .writeHead(401, `No such ticket: http://127.0.0.1/?ticket=${secret('status text')}`)
        .end();
    if (req.url!.startsWith('/drops')) return res.destroy();
    if (req.url!.startsWith('/repeats')) return void repeatKey(req, res);
    res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    const timer = setInterval(
      () => res.write(Buffer.from(`data: /event?ticket=${secret('an event')} \xff\n\n`, 'latin1')),
      20,
    );
    return res.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await commands.end();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const ssebench = async (...words: string[]) => withoutSecrets(await runCommand({ words, folder }));
/** For commands that start nothing. */
const inTurn = async (...words: string[]) => withoutSecrets(await commands.run({ words, folder }));

/** Checks what a command printed, and everything that commands have written. */
function withoutSecrets(ended: Ended): Ended {
  const printed = `${ended.stdout}\n${ended.stderr}`;
  expectNoSecret(printed, printed);
  for (const file of writtenIn(folder))
    expectNoSecret(file, `${file}\n${readFileSync(file, 'utf8')}`);
  return ended;
}

/** All files except those in which the test itself put secrets. */
const writtenIn = (where: string) =>
  (readdirSync(where, { recursive: true }) as string[])
    .filter((path) => !/(^|\/)(old|mine)/.test(path))
    .map((path) => join(where, path))
    .filter((path) => statSync(path).isFile());

const brief = [
  '--streams',
  '2',
  '--ramp',
  '0ms',
  '--warmup',
  '0ms',
  '--duration',
  '300ms',
  '--rounds',
  '1',
];

test('public values appear in the output and in every file', async () => {
  const url = `${origin}/event-visible`;
  const { stdout } = await ssebench(
    'run',
    url,
    ...brief,
    '--header',
    'Accept-Language: visible',
    '--json',
    '--out',
    'visible',
  );
  const files = writtenIn(join(folder, 'visible'));
  expect(files).toHaveLength(3);
  for (const text of [stdout, ...files.map((file) => readFileSync(file, 'utf8'))]) {
    expect(text).toContain('event-visible');
    expect(text).toContain('Accept-Language: visible');
  }
});

describe('run', () => {
  const urls = () =>
    [secretUrl(origin, 'first'), secretUrl(origin, 'second'), secretUrl(origin, 'second')] as const;
  const named = ['first', 'second'].map((path) => `${path};sid=hidden?ticket=hidden&sig=hidden`);

  test('URLs without their secrets can still be told apart', async () => {
    const [first, second, other] = urls();
    const { stdout, stderr } = await ssebench(
      'run',
      first,
      second,
      other,
      ...brief,
      '--against',
      second,
      ...secretHeaders(),
      '--expect',
      'missing = 0',
    );
    for (const name of named) expect(stdout).toContain(name);
    expect(stdout).toMatch(/second;sid=hidden\S+ \(2\)/);
    expect(stderr).toContain('report.html');
    expect(readdirSync(join(folder, 'results'))).toEqual([expect.stringContaining('hidden')]);
  });

  test('JSON, plans, baselines and comparisons contain no secret', async () => {
    const [first, second] = urls();
    const words = ['run', first, second, ...brief, ...secretHeaders()];
    for (const more of [['--plan'], ['--plan', '--json']])
      expect((await inTurn(...words, ...more)).stdout).toContain(named[0]);
    expect(
      (await ssebench(...words, '--json', '--save-baseline', 'main', '--out', 'one')).stdout,
    ).toContain(named[0]);
    // On a busy machine, no run may be valid enough to become a baseline. So the test copies one.
    cpSync(join(folder, 'one'), join(folder, 'results', 'baselines', 'main'), { recursive: true });
    const [another] = urls();
    expect(
      (await ssebench('run', another, ...brief, '--baseline', 'main', '--anyway', '--out', 'two'))
        .stderr,
    ).not.toContain('nothing was started');
    for (const more of [[], ['--json']])
      expect((await inTurn('compare', 'one', 'two', '--anyway', ...more)).stdout).toContain(
        named[0],
      );
    expect((await inTurn('report', 'one')).code).toBe(exitCodes.success);
  });

  test('the reports on servers without a stream contain no secret', async () => {
    const reasons = {
      redirects: '302 Found, to http://127.0.0.1/login?token=hidden',
      moves: 'to /login?token=hidden',
      refuses: 'No such ticket: http://127.0.0.1/?ticket=hidden',
      drops: 'closed before headers',
    };
    const words = ['run', ...Object.keys(reasons).map((path) => secretUrl(origin, path)), ...brief];
    const ci = ['--junit', 'failed.xml', '--markdown', 'failed.md'];
    // On a busy machine, the responses of all streams may take longer than the usual measurement.
    const patient = ['--no-probe', '--duration', '2s'];
    const measured = await ssebench(...words, ...ci, ...patient, '--out', 'failed');
    const probed = await ssebench(...words, '--out', 'probed');
    for (const [path, reason] of Object.entries(reasons)) {
      const isNamed = (line: string) => line.includes(`${path};sid=hidden`);
      for (const text of [measured.stdout, probed.stderr])
        expect(text.split('\n').filter(isNamed).join('\n')).toContain(reason);
    }
    expect([measured.code, probed.code]).toEqual([exitCodes.failure, exitCodes.failure]);
  });

  const prompt = 'Tell me about servers. '.repeat(1_000);
  test.each<[string, (key: string) => string]>([
    ['JSON', (key) => `{"api_key":"${key}","n":{{i}}}`],
    ['a long prompt', (key) => JSON.stringify({ prompt, api_key: key })],
    ['a form', (key) => `api_key=${key}&n=1`],
    ['a column', () => '{"api_key":"{{key}}"}'],
  ])('a key in the body, %s, is in no output and no process argument', async (what, bodyOf) => {
    const key = secret(`body, ${what}`);
    writeFileSync(join(folder, 'mine-body'), bodyOf(key));
    writeFileSync(join(folder, 'mine-rows.jsonl'), JSON.stringify({ key }));
    const rows = what === 'a column' ? ['--rows', 'mine-rows.jsonl'] : [];
    const words = ['run', `${origin}/repeats`, ...brief, '--body', '@mine-body', ...rows];
    const probed = await ssebench(...words);
    expect(probed.stderr).toContain('no such key hidden');
    const measured = await ssebench(...words, '--no-probe', '--json');
    expect(measured.stdout).toContain('no such key hidden');
    expect(seenArguments.length).toBeGreaterThan(1);
    expectNoSecret('process arguments', seenArguments.join('\n'));
  });

  test('the secrets of a config file are not printed', async () => {
    mkdirSync(join(folder, 'mine'));
    const config = {
      servers: [secretUrl(origin, 'configured')],
      headers: { 'X-Jwt': secret('header of a file') },
      streams: 2,
      ramp: '0ms',
      warmup: '0ms',
      duration: '300ms',
      rounds: 1,
    };
    const text = JSON.stringify(config);
    const variants = {
      'good.json': text,
      'cut.json': text.slice(0, -1),
      'wrong.json': text.replace(
        '"streams":2',
        `"streams":"http://u:${secret('value of a file')}@h/"`,
      ),
      'early.json': text.replace(':', ''),
    };
    for (const [name, content] of Object.entries(variants))
      writeFileSync(join(folder, 'mine', name), content);
    writeFileSync(
      join(folder, 'mine', 'throws.mjs'),
      `throw new Error('no database at postgres://u:${secret('error of a file')}@h/');`,
    );
    expect(
      (await ssebench('run', '--config', 'mine/good.json', '--out', 'configured')).stdout,
    ).toContain('configured;sid=hidden');
    for (const name of ['cut.json', 'wrong.json', 'early.json', 'throws.mjs'])
      expect((await inTurn('run', '--config', `mine/${name}`)).code).toBe(exitCodes.badInput);
  });
});

/** A server of a config file with a secret in every value that can hold one. */
const ownServer = () => ({
  name: 'own',
  url: secretUrl('http://127.0.0.1:9', 'own'),
  command: `sh -c '${secret('a command')}' --token ${secret('an option of a command')}`,
  env: { TOKEN: secret('env') },
  headers: { 'X-Jwt': secret('a header of a server') },
  readyWhen: `http://127.0.0.1/?ticket=${secret('readyWhen')}`,
});

function badServers(): string {
  const own = ownServer();
  const servers = [
    { ...own, name: `http://u:${secret('a name')}@h/` },
    { ...own, name: 'shell', command: `${own.command} | cat ${secret('a pipe')}` },
    { ...own, name: 'variable', command: `TOKEN=${secret('a variable')} node` },
    { ...own, name: 'words', command: [secret('a word of a command'), 7] },
    { ...own, name: 'types', env: [secret('a list')], headers: secret('a text') },
    { ...own, name: 'header', headers: { 'X-Jwt': `ä日${secret('a letter')}` } },
    { ...own, name: 'alone', command: undefined },
  ];
  writeFileSync(join(folder, 'mine-bad.json'), JSON.stringify({ servers }));
  return 'mine-bad.json';
}

test('the plan of own servers contains no secret', async () => {
  writeFileSync(join(folder, 'mine-own.json'), JSON.stringify({ servers: [ownServer()] }));
  const { code, stdout } = await inTurn('run', '--config', 'mine-own.json', '--plan');
  expect({ code, stdout }).toEqual({
    code: exitCodes.success,
    stdout: expect.stringContaining('Server own: started for each round with: sh …; with TOKEN'),
  });
  const url = secretUrl('http://127.0.0.1:9', 'given');
  const command = ['--', 'sh', '-c', secret('a script'), 'server.js'];
  const given = await inTurn('run', '--url', url, '--plan', ...command);
  expect(given.stdout).toContain('-- sh … server.js');
});

describe('bad input', () => {
  const noScheme = (path: string) => secretUrl(origin, path).replace('http://', '');
  test.each<[string, () => string[]]>([
    ['an address without its protocol', () => ['run', noScheme('bad')]],
    ['an invalid port', () => ['run', secretUrl(origin, 'bad').replace(/:\d+\//, ':99999/')]],
    ['another protocol', () => ['run', secretUrl(origin, 'bad').replace('http:', 'ws:')]],
    [
      'a URL named twice',
      () =>
        Array.from({ length: 3 }, (_, n) =>
          n === 0 ? 'run' : `${origin}/?ticket=${[...places.keys()][0]}`,
        ),
    ],
    [
      'an unknown option',
      () => [
        'run',
        'koa',
        '--api-key',
        secret('--api-key'),
        `--token=${secret('--token=')}`,
        `-p${secret('-p')}`,
        `-u:${secret('-u:')}`,
      ],
    ],
    [
      'a header without quotes',
      () => ['run', 'koa', '--header', 'Authorization:', 'Bearer', secret('a word')],
    ],
    [
      'an invalid header',
      () => [
        'run',
        'koa',
        '--header',
        `Authorization Bearer ${secret('no colon')}`,
        '--header',
        secret('a header alone'),
        '--header',
        `Authorization=${secret('an equals sign')}`,
      ],
    ],
    [
      'a repeated header with an invalid letter',
      () => [
        'run',
        'koa',
        '--header',
        `Cookie: ä日${secret('日')}`,
        '--header',
        'Cookie: a',
        '--header',
        `Cookie: ${secret('twice')}`,
      ],
    ],
    [
      'an unknown server to compare with',
      () => ['run', 'koa', 'hono', '--against', secretUrl(origin, 'bad')],
    ],
    [
      'values of other options',
      () => [
        'run',
        'koa',
        '--streams',
        secretUrl(origin, 'bad'),
        '--out',
        '',
        '--baseline',
        secretUrl(origin, 'bad'),
        '--expect',
        secretUrl(origin, 'bad'),
      ],
    ],
    [
      'an own server',
      () => [
        'run',
        '--url',
        secretUrl('http://127.0.0.1:9', 'bad'),
        '--name',
        secretUrl(origin, 'bad'),
        '--',
        'no-such-program',
        '--api-key',
        secret('an argument of a run'),
      ],
    ],
    [
      'a variable before the command of an own server',
      () => [
        'run',
        '--url',
        'http://127.0.0.1:9/',
        '--',
        `TOKEN=${secret('a variable of a run')}`,
        'node',
      ],
    ],
    ['own servers of a config file', () => ['run', '--config', badServers()]],
    ['a URL in place of a command', () => [secretUrl(origin, 'bad')]],
    ['an option before the command', () => [`--token=${secret('--token= first')}`, 'run']],
    [
      'results that do not exist',
      () => ['compare', secretUrl(origin, 'bad'), secretUrl(origin, 'bad')],
    ],
    ['a report of a URL', () => ['report', secretUrl(origin, 'bad')]],
    [
      'a URL to serve',
      () => [
        'serve',
        secretUrl(origin, 'bad'),
        noScheme('bad'),
        '--port',
        secretUrl(origin, 'bad'),
      ],
    ],
    ['a URL to inspect', () => ['leaks', secretUrl(origin, 'bad'), noScheme('bad')]],
    ['a URL without a process', () => ['leaks', '--url', secretUrl(origin, 'bad')]],
    ['an invalid URL', () => ['leaks', '--url', noScheme('bad'), '--pid', '1']],
    [
      'a body that is not JSON',
      () => [
        'leaks',
        '--url',
        origin,
        '--pid',
        String(process.pid),
        '--body',
        `{ password: ${secret('--body')} }`,
      ],
    ],
    [
      'a command without --',
      () => [
        'leaks',
        '--url',
        secretUrl(origin, 'bad'),
        'node',
        'server.js',
        '--api-key',
        secret('an argument'),
        `--dsn=postgres://u:${secret('a DSN')}@h/`,
      ],
    ],
  ])('a complaint about %s contains no secret', async (_what, words) => {
    expect(await inTurn(...words())).toMatchObject({ code: exitCodes.badInput, stdout: '' });
  });

  test('a complaint of the API contains no secret', async () => {
    const complaint = await findLeaks(
      { url: noScheme('bad') },
      { headers: { 'X-Jwt': `ä日${secret('a setting')}` } },
    ).catch(({ message }: Error) => message);
    expect(complaint).toContain('headers X-Jwt: (not saved)');
    expectNoSecret('the complaint', String(complaint));
  });
});

describe('leaks', () => {
  const quick = ['--streams', '3', '--deadline', '300ms', '--modes', 'close'];
  const listening = (port: number, body: string) =>
    `require('http').createServer((req, res) => { ${body} }).listen(${port}, '127.0.0.1')`;
  const streams = `res.writeHead(200, { 'Content-Type': 'text/event-stream' }); const timer = setInterval(() => res.write('data: 1\\n\\n'), 20);`;
  const crash = () =>
    `console.error('no database: postgres://u:${secret('stderr, URL')}@h/?sslkey=${secret('stderr, query')}'); console.error('DB_PASSWORD=${secret('stderr, variable')} --api-key ${secret('stderr, option')}'); process.exit(7)`;
  const asked = (port: number) => [
    '--url',
    secretUrl(`http://127.0.0.1:${port}`, 'event'),
    ...secretHeaders(),
  ];
  const argv = () => [
    `--api-key=${secret('an argument')}`,
    '--dsn',
    `postgres://u:${secret('a DSN')}@h/`,
    secret('a last argument'),
  ];

  test.each<[string, (port: number) => string, number]>([
    ['leaks', (port) => listening(port, streams), exitCodes.leaking],
    ['crashes at once', crash, exitCodes.invalid],
    ['crashes later', (port) => listening(port, crash()), exitCodes.invalid],
    [
      'redirects',
      (port) =>
        listening(port, `res.writeHead(302, { Location: '/?token=${secret('Location')}' }).end()`),
      exitCodes.invalid,
    ],
    [
      'refuses',
      (port) => listening(port, `res.writeHead(401, 'no Bearer 1${secret('status text')}').end()`),
      exitCodes.invalid,
    ],
  ])('the report on a command that %s contains no secret', async (_what, program, code) => {
    const port = await freePort();
    writeFileSync(join(folder, 'mine.cjs'), program(port));
    const command = ['--', process.execPath, 'mine.cjs', ...argv()];
    const found = await ssebench(
      'leaks',
      ...quick,
      ...asked(port),
      '--junit',
      'leaks.xml',
      ...command,
    );
    expect(found).toMatchObject({ code, stdout: expect.stringContaining('ticket=hidden') });
  });

  test('the JSON of a failed check contains no secret', async () => {
    const port = await freePort();
    writeFileSync(join(folder, 'mine.cjs'), crash());
    expect(
      (
        await ssebench(
          'leaks',
          ...quick,
          ...asked(port),
          '--json',
          '--',
          process.execPath,
          'mine.cjs',
          ...argv(),
        )
      ).stdout,
    ).toContain('ticket=hidden');
  });

  test('the report on an unrelated process contains no secret', async () => {
    const other = spawn(process.execPath, [
      '--inspect-port=127.0.0.1:0',
      '-e',
      'setInterval(() => {}, 1000)',
    ]);
    onTestFinished(() => void other.kill('SIGKILL'));
    const found = await ssebench(
      'leaks',
      ...quick,
      '--url',
      secretUrl(origin, 'event'),
      '--pid',
      String(other.pid),
    );
    expect(found).toMatchObject({
      code: exitCodes.invalid,
      stdout: expect.stringContaining('Either another process serves http://127.0.0.1'),
    });
  });
});

test('the reports of an old result hide its secrets', async () => {
  const [one, other] = [secretUrl('http://127.0.0.1', 'old'), secretUrl('http://127.0.0.1', 'old')];
  const cause = {
    count: 1,
    example: `302 Found, to ${secretUrl('http://127.0.0.1', 'elsewhere')}`,
  };
  const rounds = [
    measuredRound(one, 1, { failures: { 'status 302': cause } }),
    failedRound(other, 1, { message: `died: ${cause.example}`, stderr: [`GET ${one}`] }),
  ];
  const old = runResult([one, other], rounds, {
    against: one,
    command: `npm run bench -- '${one}' '${other}' --header 'X-Jwt: ${secret('old command')}'`,
    leaks: [{ ...leakingVerdict(one), reason: `it said ${one}` }],
  });
  old.scenario.headers = { 'x-jwt': secret('old header') };
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'result.json'), JSON.stringify(old));
  expect((await inTurn('report', 'old')).code).toBe(exitCodes.success);
  for (const name of ['report.md', 'report.html']) {
    const report = readFileSync(join(folder, 'old', name), 'utf8');
    expect(report).toContain('old;sid=hidden?ticket=hidden');
    expectNoSecret(name, report);
  }
  expect((await inTurn('compare', 'old', 'old')).stdout).toContain('ticket=hidden');
  expect((await inTurn('compare', 'old', 'old', '--json')).stdout).toContain('ticket=hidden');
  writeFileSync(
    join(folder, 'old', 'result.json'),
    JSON.stringify({
      ...old,
      servers: 1,
      scenario: { ...old.scenario, headers: { [secretUrl('http://127.0.0.1', 'name')]: 1 } },
    }),
  );
  expect((await inTurn('report', 'old')).code).toBe(exitCodes.badInput);
});
