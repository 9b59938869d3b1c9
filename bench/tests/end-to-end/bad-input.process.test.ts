/**
 * Invalid input as users type it. The command refuses it with all complaints, before it starts or
 * writes anything.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  runCommand,
  startCommandProcess,
  type CommandProcess,
  type Ended,
} from '../fixtures/helpers/command-process.ts';

/**
 * Without the cache, each start compiles the command again, which takes longer than everything
 * else.
 */
const compiled = process.env.NODE_COMPILE_CACHE;

/** Files and folders that the command lines may name and must not change. */
const things = mkdtempSync(join(tmpdir(), 'ssebench-'));
mkdirSync(join(things, 'full'));
for (const file of ['file', 'full/result.json']) writeFileSync(join(things, file), 'precious');
symlinkSync('nowhere', join(things, 'link'));

/** Invalid config files. */
const configs = mkdtempSync(join(tmpdir(), 'ssebench-'));
for (const [name, text] of Object.entries({
  'wrong.json': '{ "streams": 0, "stream": 5, "expect": ["cpu < 30"], "servers": ["expres"] }',
  'wrong.ts': "export default { interval: 100, against: 'hono', servers: ['koa', 'floor'] };",
  'servers.json': JSON.stringify({
    servers: [
      { name: 'old', url: 'http://127.0.0.1:9/', command: 'cd old && node server.js' },
      { name: 'new', url: 'http://127.0.0.1:9/', command: 'true' },
      { name: 'third', url: 'http://127.0.0.1:9/', headers: ['abc'] },
      { name: 'last' },
    ],
  }),
  'no-json.json': '{ "streams": 5',
  'no-script.ts': 'export default {',
  'throws.js': "throw new Error('out of luck');",
  'throws-nothing.mjs': 'throw null;',
  'exports-nothing.mjs': '',
})) {
  writeFileSync(join(configs, name), text);
}

/**
 * The only programs in PATH. Anything launched goes through one of them; it records the launch and
 * starts nothing.
 */
const trap = mkdtempSync(join(tmpdir(), 'ssebench-'));
for (const name of ['setpriv', 'taskset', 'sh', 'node', 'true']) {
  writeFileSync(join(trap, name), '#!/bin/sh\necho "$0 $*" >> "$LAUNCHES"\n');
  chmodSync(join(trap, name), 0o755);
}

const environment = { PATH: trap, NODE_COMPILE_CACHE: compiled };

afterAll(() => {
  for (const folder of [things, trap, configs]) rmSync(folder, { recursive: true });
});

const processes = new Map<number, CommandProcess>();
afterAll(() => Promise.all([...processes.values()].map((each) => each.end())));

/** Runs the command with this limit of file descriptors, in a process with other command lines. */
function inTurn(words: readonly string[], place: Place, descriptors = 4096): Promise<Ended> {
  if (!processes.has(descriptors))
    processes.set(descriptors, startCommandProcess(environment, descriptors));
  const { folder, launches: LAUNCHES } = place;
  return processes.get(descriptors)!.run({ words, folder, environment: { LAUNCHES } });
}

/** Runs the command in its own process. */
const alone = (words: readonly string[], { folder, launches: LAUNCHES }: Place): Promise<Ended> =>
  runCommand({ words, folder, environment: { LAUNCHES } }, environment);

interface Place {
  folder: string;
  /** The file in which the programs of `trap` record their launch. */
  launches: string;
}

/** Runs a command in an empty folder, and records what it launches and writes. */
async function observed(run: (place: Place) => Promise<Ended>) {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  const launches = `${folder}.launches`;
  try {
    const ended = await run({ folder, launches });
    const launched = existsSync(launches) ? readFileSync(launches, 'utf8') : '';
    return { ...ended, launched, written: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(launches, { force: true });
  }
}

const servers =
  'choose from floor, node-http, node-http2, express, fastify, hono, koa, h3, nest, better-sse';
const manyStreams = 'must be a whole number from 1 to 1,000,000, such as --streams 1000';
const anInterval =
  'must be a duration with its unit, in whole milliseconds, from 0ms to 24h, such as --interval 100ms';
const aDuration = 'from 1ms to 24h, such as --duration 10s';
const aPort = 'must be a whole number from 0 to 65535; 0 selects a free port';
const aHeader =
  "a name without spaces, a colon, and a value of Latin letters in one line, such as --header 'Authorization: Bearer abc'";
const beginsSo = 'must be a URL that begins with http:// or https://';
const aHost =
  'must have a host and, if any, a port from 1 to 65535, such as http://127.0.0.1:3000/event';
const percent = 'has a % that starts no valid escape; write a plain % as %25';
const aFolder = 'must be a folder, such as --out results/mine';

/**
 * The words, as one string if none contains a space; then the start of each complaint → its advice.
 */
type Row = [words: string | string[], complaints: Record<string, string>, descriptors?: number];

const rows: Record<string, Row[]> = {
  'an invalid number': [
    ['run floor --streams', { '--streams': manyStreams }],
    ['run floor --streams=', { "--streams ''": manyStreams }],
    [
      ['run', 'floor', '--streams', '', '--seed', ' 5'],
      { "--streams ''": manyStreams, "--seed ' 5'": '--seed 42' },
    ],
    ['run floor --streams 0', { '--streams 0': manyStreams }],
    [
      'run floor --streams -5 --rounds +5',
      { '--streams -5': manyStreams, '--rounds +5': '--rounds 6' },
    ],
    [
      'run floor --streams 1.5 --rounds 6x',
      { '--streams 1.5': manyStreams, '--rounds 6x': '--rounds 6' },
    ],
    [
      'run floor --streams 1e3 --seed 0x10',
      { '--streams 1e3': manyStreams, '--seed 0x10': '--seed 42' },
    ],
    [
      'run floor --streams 1,000 --quiet-streams 1_000',
      { '--streams 1,000': manyStreams, '--quiet-streams 1_000': '--quiet-streams 200' },
    ],
    [
      'run floor --streams 10k --rounds ٣',
      { '--streams 10k': manyStreams, '--rounds ٣': '--rounds 6' },
    ],
    [
      'run floor --streams NaN --rounds Infinity',
      { '--streams NaN': manyStreams, '--rounds Infinity': '--rounds 6' },
    ],
    ['run floor --streams 1000001', { '--streams 1000001': manyStreams }],
    [`run floor --streams ${'9'.repeat(400)}`, { [`--streams ${'9'.repeat(400)}`]: manyStreams }],
    ['run floor --rounds 0', { '--rounds 0': 'from 1 to 1,000, such as --rounds 6' }],
    [
      'run floor --quiet-streams -1 --rounds=1001',
      { '--quiet-streams -1': 'from 0 to 1,000,000', '--rounds 1001': 'from 1 to 1,000' },
    ],
    [
      'run floor --seed 4294967296',
      { '--seed 4294967296': 'from 0 to 4,294,967,295, such as --seed 42' },
    ],
  ],
  'an invalid duration': [
    [
      'run http://127.0.0.1:9/event --scenario firehose',
      {
        '--scenario firehose sets --bytes 256': 'only reference servers let ssebench choose',
        '--scenario firehose sets --interval 0ms':
          'only reference servers send at an unlimited rate',
      },
    ],
    [
      'run floor --scenario capacity --save-baseline x',
      { '--save-baseline x': '--search measures each server under a different load' },
    ],
    [
      'run http://127.0.0.1:9/event --scenario shutdown',
      {
        '--scenario shutdown sets --grace 30s':
          'ssebench sends SIGTERM only to a server that it started',
      },
    ],
    [
      'run floor --answers --api openai-chat --spacing ramp --lifetime 2s --expect-stream total<2',
      {
        '--api openai-chat': 'the events of reference servers are only numbers',
        '--spacing ramp': 'use --spacing poisson or --spacing constant',
        '--lifetime 2s': 'does not combine with --answers',
        '--expect-stream total<2': 'must be in',
      },
    ],
    [
      'run http://127.0.0.1:9/event --answers --spacing constant --cut client',
      {
        '--spacing constant': 'has no effect without --arrivals',
        '--cut client': 'does not combine with --answers',
      },
    ],
    ['run floor --max-events 50', { '--max-events 50': 'has no effect without --answers' }],
    [
      'run floor --scenario shutdown --slow-readers 5 --interval 0ms',
      {
        '--slow-readers 5': 'leave out one of the two',
        '--interval 0ms': 'needs an event per interval',
      },
    ],
    ['run floor --grace 0ms', { '--grace 0ms': 'such as --grace 30s' }],
    ['run floor --scenario storm', { '--scenario storm': 'must be firehose, churn, ' }],
    ['run floor --interval 5', { '--interval 5': anInterval }],
    [
      'run floor --interval 5sec --duration 5S',
      { '--interval 5sec': anInterval, '--duration 5S': aDuration },
    ],
    [
      ['run', 'floor', '--interval', '5 s', '--ramp', ''],
      { '--interval 5 s': anInterval, "--ramp ''": '--ramp 5s' },
    ],
    [
      'run floor --interval 1,5s --duration 1m30s',
      { '--interval 1,5s': anInterval, '--duration 1m30s': aDuration },
    ],
    [
      'run floor --interval .5s --duration 1e3ms',
      { '--interval .5s': anInterval, '--duration 1e3ms': aDuration },
    ],
    ['run floor --interval 0.5ms', { '--interval 0.5ms': anInterval }],
    ['run floor --interval -1', { '--interval -1': anInterval }],
    ['run --interval -5ms floor', { '-5ms': 'no value is negative', '--interval': anInterval }],
    ['run floor --duration 0s', { '--duration 0s': aDuration }],
    [
      'run floor --duration 25h --interval 1d',
      { '--duration 25h': aDuration, '--interval 1d': anInterval },
    ],
    [
      'run floor --ramp Infinity --warmup NaNs',
      { '--ramp Infinity': 'from 0ms to 24h, such as --ramp 5s', '--warmup NaNs': '--warmup 2s' },
    ],
  ],
  'an unknown server': [
    ['run expres', { expres: 'did you mean express?' }],
    ['run Express nset', { Express: 'did you mean express?', nset: 'did you mean nest?' }],
    ['run node koajs', { node: 'did you mean node-http?', koajs: 'did you mean koa?' }],
    ['run constructor', { constructor: `${servers}, or give a URL` }],
    ['run express,koa', { 'express,koa': 'did you mean express?' }],
    [['run', ''], { "''": servers }],
    ['run koa floor koa', { koa: 'given twice; give it once' }],
    [
      'run express 10000 1s',
      { 10000: 'npm run bench -- --streams 100', '1s': 'npm run bench -- --streams 100' },
    ],
    ['run floor -', { '-': 'see --help' }],
  ],
  'an invalid URL': [
    [
      'run localhost:3000/event',
      { 'localhost:3000/event': 'did you mean http://localhost:3000/event?' },
    ],
    [
      'run 127.0.0.1 [::1]:3000',
      {
        '127.0.0.1': 'did you mean http://127.0.0.1?',
        '[::1]:3000': 'did you mean http://[::1]:3000?',
      },
    ],
    [
      'run example.com //example.com',
      {
        'example.com': 'did you mean http://example.com?',
        '//example.com': 'did you mean http://example.com?',
      },
    ],
    ['run https:example.com', { 'https:example.com': 'did you mean https://example.com?' }],
    ['run ftp://example.com/', { 'ftp://example.com/': beginsSo }],
    [
      'run file:///etc/passwd ws://127.0.0.1/',
      { 'file:///etc/passwd': beginsSo, 'ws://127.0.0.1/': beginsSo },
    ],
    [
      ['run', 'http://', 'http://[', 'http://a b/'],
      { 'http://': aHost, 'http://[': aHost, 'http://a b/': aHost },
    ],
    ['run http://127.0.0.1:65536/', { 'http://127.0.0.1:65536/': aHost }],
    ['run http://127.0.0.1:0/', { 'http://127.0.0.1:0/': aHost }],
    [
      'run http://127.0.0.1:-1/ http://127.0.0.1:x/',
      { 'http://127.0.0.1:-1/': aHost, 'http://127.0.0.1:x/': aHost },
    ],
    ['run http://%zz@127.0.0.1/', { 'http://127.0.0.1/': percent }],
    [
      'run http://a:100%@127.0.0.1/a http://a:%ff@127.0.0.1/b',
      { 'http://127.0.0.1/a': percent, 'http://127.0.0.1/b': percent },
    ],
    [
      'run http://a:b@127.0.0.1/ http://a:b@127.0.0.1/#x',
      { 'http://127.0.0.1/': 'given twice; give it once' },
    ],
    [
      'run http://a:100%@127.0.0.1/ http://c:100%@127.0.0.1/',
      { 'http://127.0.0.1/': percent, 'http://127.0.0.1/ (2)': percent },
    ],
    [
      'run http://127.0.0.1/ --quiet-streams 5',
      { '--quiet-streams 5': 'only reference servers offer streams without events; leave it out' },
    ],
  ],
  'a figure or load that a URL cannot provide': [
    [
      'run http://127.0.0.1:9/event --scenario reconnect-storm --cut restart',
      { '--cut restart': 'use --cut client, or give its --url and, after --, the command' },
    ],
    [
      'run http://127.0.0.1:9/event --scenario shutdown',
      { '--scenario shutdown sets --grace 30s': 'after --, the command that starts it' },
    ],
    [
      'run http://127.0.0.1:9/event --scenario finite',
      { '--scenario finite sets --events-each 10': 'only reference servers end their streams' },
    ],
    [
      ['run', 'http://127.0.0.1:9/event', '--scenario', 'capacity', '--expect', 'lag.p99 < 50ms'],
      { '--expect lag.p99 < 50ms': 'give it with --interval' },
    ],
    [
      'run koa http://127.0.0.1:9/event --slow-readers 5 --bytes 9 --cut client',
      {
        '--bytes 9': 'choose the size of events',
        '--slow-readers 5': 'does not combine with --cut',
      },
    ],
    [
      'run http://127.0.0.1:9/event --slow-readers 5 --remaining-streams 5 --reconnect',
      {
        '--slow-readers 5': 'leave out one of the two',
        '--remaining-streams 5': 'leave out one of the two',
      },
    ],
    [
      'run http://127.0.0.1:9/event --reconnect --cut client',
      { '--reconnect': 'does not combine with --cut' },
    ],
    [
      [
        'run',
        'http://127.0.0.1:9/event',
        '--interval',
        '1s',
        '--expect',
        'cpu < 30µs',
        '--expect',
        'held-timers = 0',
        '--expect',
        'release.p99 < 1s',
        '--expect',
        'missing = 0',
      ],
      {
        '--expect cpu < 30µs': 'leave it out',
        '--expect held-timers = 0': 'cannot inspect its process',
        '--expect release.p99 < 1s': 'with --pid or with its command after --',
      },
    ],
    [
      [
        'run',
        'http://127.0.0.1:9/event',
        '--expect',
        'exit-after < 1s',
        '--expect',
        'drift < 5%',
        '--expect',
        'storm-loop-delay.max < 1s',
      ],
      {
        '--expect exit-after < 1s': 'a load with a shutdown',
        '--expect storm-loop-delay.max < 1s': 'such as --interval 1s',
        '--expect drift < 5%': 'such as --interval 1s',
      },
    ],
    [
      [
        'run',
        'http://198.51.100.1/',
        '--allow-remote',
        '--interval',
        '1s',
        '--expect',
        'delivery.p99 < 50ms',
        '--expect',
        'lag.p99 < 1s',
      ],
      { '--expect delivery.p99 < 50ms': 'may lead to another machine' },
    ],
  ],
  'an own server': [
    [
      'run --pid 4194304 --name express',
      {
        '--pid 4194304': 'no such process; start the server first',
        '--name express': 'is the name of a reference server; choose another name',
        '--url is missing': 'such as --url http://127.0.0.1:3000/event',
      },
    ],
    [
      'run --url http://127.0.0.1:9/event --ready-within soon -- true',
      { '--ready-within soon': 'such as --ready-within 60s' },
    ],
    ['run -- node server.js', { '--url is missing': 'such as --url' }],
    [
      'run http://127.0.0.1:9/event --base ..',
      {
        'http://127.0.0.1:9/event': 'so --base has no server; write --url http://127.0.0.1:9/event',
        '--base ..': 'no command is given; add it after --',
      },
    ],
    [
      'run http://u:pw@127.0.0.1:9/event?key=abc --pid 4194304',
      {
        'http://127.0.0.1:9/event?key=hidden': 'so --pid has no server; write --url http',
        '--pid 4194304': 'no such process',
      },
    ],
    [
      'run http://127.0.0.1:9/event -- nodee server.js',
      {
        'http://127.0.0.1:9/event': 'so the command after -- has no URL; write --url http',
        '-- nodee server.js': 'no such program',
      },
    ],
    [
      'run --url http://127.0.0.1:9/event --url x -- TOKEN=abc node',
      {
        '--url x': beginsSo,
        '-- TOKEN=hidden …': 'begin with env, such as env PORT=3000 node server.js',
      },
    ],
    [
      'run --url http://127.0.0.1:9/ -- nodee --token abc server.js',
      { '-- nodee … server.js': 'no such program in PATH; check its name' },
    ],
    [
      'run http://127.0.0.1:9/ node server.js',
      { node: 'did you mean node-http?', 'server.js': 'a command belongs after --' },
    ],
    [
      'run --url http://127.0.0.1:9/ http://127.0.0.1:9/',
      { '--url http://127.0.0.1:9/': 'give one of them another name with --name' },
    ],
    [
      'run --url http://127.0.0.1:9/ --bytes 5 --grace 5s --ticker own -- true',
      {
        '--bytes 5': 'only reference servers let ssebench choose the size of events',
        '--ticker own': 'only reference servers let ssebench choose their timers',
      },
    ],
    [
      `run --url http://127.0.0.1:9/ --pid ${process.pid} --grace 5s`,
      {
        '--grace 5s': 'give the command after -- instead of --pid',
        'http://127.0.0.1:9/': 'start the server first',
      },
    ],
    [
      'run http://127.0.0.1:9/ --url http://127.0.0.1:9/event -- true',
      { 'http://127.0.0.1:9/event': 'http://127.0.0.1:9/ already uses port 9' },
    ],
    [
      `run old new --config ${join(configs, 'servers.json')}`,
      {
        'servers.json: servers[0].command': 'has &&, which only a shell understands',
        'servers.json: servers[2].headers': 'must be names of headers',
        'servers.json: servers[3].url is missing': 'must be a text',
      },
    ],
  ],
  'an unknown option': [
    ['run floor --bogus', { '--bogus': 'no such option; see --help' }],
    ['run floor -c', { '--streams': manyStreams }],
    ['run floor -c0 -d zero', { '--streams 0': manyStreams, '--duration zero': aDuration }],
    ['run floor -H nonsense', { '--header nonsense': aHeader }],
    [
      'run --bogus=3 floor --other 3 -x',
      { '--bogus': 'see --help', '--other': 'see --help', '-x': 'see --help' },
    ],
    [
      'run --strems=5 expres',
      { '--strems': 'did you mean --streams?', expres: 'did you mean express?' },
    ],
    [
      'run floor -streams 5 --Rounds 5',
      { '-streams': 'did you mean --streams?', '--Rounds': 'did you mean --rounds?' },
    ],
    ['run floor --port 3000', { '--port': 'no such option; see --help' }],
    ['run floor --json=yes', { '--json': 'takes no value; write --json alone' }],
    ['run floor --json yes', { yes: servers }],
    ['run floor -- --streams 5', { '--streams': 'leave the -- out' }],
    [
      'run floor --disconnect FIN',
      { '--disconnect FIN': 'must be fin, reset, half-close or kill' },
    ],
  ],
  'a repeated option': [
    ['run floor --streams x --streams 5', { '--streams x': manyStreams }],
    ['run floor --streams 5 --streams', { '--streams': manyStreams }],
    [
      'run floor --rounds 0 --streams x --rounds y',
      { '--streams x': manyStreams, '--rounds 0': '--rounds 6', '--rounds y': '--rounds 6' },
    ],
    ['run floor --out --out mine', { '--out': aFolder }],
    [['run', 'floor', '--header', '--header', 'a: b'], { '--header': aHeader }],
    [
      ['run', 'floor', '--header', 'a b', '--header'],
      { '--header a (not saved)': aHeader, '--header': aHeader },
    ],
  ],
  'an invalid header': [
    ['run floor --header Authorization', { '--header Authorization': aHeader }],
    [
      ['run', 'floor', '--header', '', '--header', ': b'],
      { "--header ''": aHeader, '--header : (not saved)': aHeader },
    ],
    [
      ['run', 'floor', '--header', 'My Name: b', '--header', 'Name : b'],
      { '--header My (not saved)': aHeader, '--header Name (not saved)': aHeader },
    ],
    [
      ['run', 'floor', '--header', 'Näme: b', '--header', 'a: 日本'],
      { '--header Näme: (not saved)': aHeader, '--header a: (not saved)': aHeader },
    ],
    [['run', 'floor', '--header', 'a: b\r\nc: d'], { '--header a: (not saved)': aHeader }],
    [['run', 'floor', '--header', 'a: \u001b[31mred'], { '--header a: (not saved)': aHeader }],
    [
      ['run', 'floor', '--header', 'Expect: 100-continue', '--header', 'Content-Length: 5'],
      {
        '--header Expect: 100-continue': 'HTTP sets this header itself',
        '--header Content-Length: 5': 'leave it out',
      },
    ],
    [
      ['run', 'floor', '--header', 'A: 1', '--header', 'a: 2'],
      { '--header a: (not saved)': 'give it once, with all its values' },
    ],
  ],
  'an invalid request': [
    [
      'run http://127.0.0.1:9/ --method HEAD --insecure --unix-socket /nowhere',
      {
        '--method HEAD': 'use GET or POST',
        '--insecure': 'use a URL that begins with https://',
        '--unix-socket /nowhere': 'start the server, or check the path',
      },
    ],
    [
      ['run', 'https://127.0.0.1:9/', '--header', 'A: $NOPE', '--cookie', 'b=${NOPE}', '--ca='],
      {
        '--header A: (not saved)': 'set it with export NOPE=…',
        '--cookie b=hidden': 'set it with export NOPE=…',
        "--ca ''": 'such as --ca ca.pem',
      },
    ],
    [
      `leaks --url http://127.0.0.1:9/{{x}} --body @${things} --rows ${things}/file -- true`,
      {
        [`--body @${things}`]: 'is a folder; give the name of a file',
        [`--rows ${things}/file`]: 'has no rows after its first line',
      },
    ],
    [
      'leaks --url http://127.0.0.1:9/{{x}} -- true',
      { 'http://127.0.0.1:9/{{x}}': 'such as --rows users.csv' },
    ],
    ['run https://example.com/event', { 'example.com:443': 'add --allow-remote' }],
    [
      'run https://example.com/event --streams 0 --leak-check --expect cpu<9us --baseline none',
      {
        'example.com:443': 'add --allow-remote',
        '--streams 0': '',
        '--leak-check': 'leave it out, or give the server by --url',
        '--expect cpu<9us': 'leave it out, or give the server by --url',
        '--baseline none': 'create it with --save-baseline none',
      },
    ],
  ],
  'a folder that cannot hold a result': [
    ['run floor --out', { '--out': aFolder }],
    ['run floor --out=', { "--out ''": aFolder }],
    [
      `run floor --out ${things}/file`,
      { [`--out ${things}/file`]: 'cannot be written to (ENOTDIR); choose another folder' },
    ],
    [
      `run floor --out ${things}/file/below`,
      { [`--out ${things}/file/below`]: 'cannot be written to (ENOTDIR); choose another folder' },
    ],
    [
      `run floor --out ${things}/link`,
      { [`--out ${things}/link`]: 'cannot be written to (EEXIST); choose another folder' },
    ],
    [
      `run floor --out ${things}/full`,
      { [`--out ${things}/full`]: 'already holds a result; choose another folder' },
    ],
    ['run floor --out /proc/x', { '--out /proc/x': '; choose another folder' }],
    [
      `run floor --out new/${'x'.repeat(300)}`,
      {
        [`--out new/${'x'.repeat(300)}`]:
          'cannot be written to (ENAMETOOLONG); choose another folder',
      },
    ],
  ],
  'a load beyond the limits of the machine': [
    [
      'run floor --streams 2000 --server-processes 1',
      {
        '--streams 2000':
          '2400 file descriptors, but its limit is 1000; use at most 667, --server-processes 4, or raise the limit with ulimit',
      },
      1000,
    ],
    [
      'run floor --quiet-streams 800 --server-processes 1',
      {
        '--streams 1000':
          'with 800 quiet streams, a server needs 2000 file descriptors, but its limit is 1000; use fewer',
      },
      1000,
    ],
    ['run floor --streams x', { '--streams x': manyStreams }, 1000],
    [
      'run http://127.0.0.1/ --streams 5',
      {
        'ulimit -n 150':
          'too low, because a process needs 200 file descriptors besides those of its streams; raise it',
      },
      150,
    ],
  ],
  'several faults at once': [
    [
      'run expres ftp://x --streams 0 --interval 5 --rounds -1 --seed --bogus x --header x --out /proc/x',
      {
        '--bogus': 'see --help',
        '--streams 0': manyStreams,
        '--interval 5': anInterval,
        '--rounds -1': '--rounds 6',
        '--seed': '--seed 42',
        expres: 'did you mean express?',
        'ftp://x': beginsSo,
        '--header x': aHeader,
        '--out /proc/x': 'choose another folder',
      },
    ],
    [
      'run https://127.0.0.1/ --quiet-streams 1 --out=',
      {
        '--quiet-streams 1': 'leave it out',
        "--out ''": aFolder,
      },
    ],
    [
      'run --streams --interval --duration --ramp --warmup --rounds --quiet-streams --disconnect --seed --header --out',
      {
        '--streams': manyStreams,
        '--interval': anInterval,
        '--duration': aDuration,
        '--ramp': '--ramp 5s',
        '--warmup': '--warmup 2s',
        '--rounds': '--rounds 6',
        '--quiet-streams': '--quiet-streams 200',
        '--disconnect': 'must be fin, reset, half-close or kill',
        '--seed': '--seed 42',
        '--header': aHeader,
        '--out': aFolder,
      },
    ],
  ],
  serve: [
    ['serve --port 0', { serve: `needs the name of a server; ${servers}` }],
    ['serve expres --port 0', { expres: 'did you mean express?' }],
    [
      ['serve', '', 'http://127.0.0.1/', '--port', '0'],
      { "''": servers, 'http://127.0.0.1/': servers },
    ],
    ['serve express hono --port 0', { hono: 'serve starts only one server; give one name' }],
    ['serve express 8080 --port 0', { 8080: 'did you mean --port 8080?' }],
    ['serve express --port', { '--port': aPort }],
    ['serve express --port=', { "--port ''": aPort }],
    ['serve express --port -1', { '--port -1': aPort }],
    ['serve express --port 65536', { '--port 65536': aPort }],
    [
      'serve express --port 1.5 --port 0x50 --port abc --port 0',
      { '--port 1.5': aPort, '--port 0x50': aPort, '--port abc': aPort },
    ],
    [
      'serve express --port 0 --host',
      { '--host': 'must be an address of this machine, such as 127.0.0.1' },
    ],
    [
      'serve express --port 0 --host=',
      { "--host ''": 'must be an address of this machine, such as 127.0.0.1' },
    ],
    [
      'serve express --port 0 --host 203.0.113.9',
      {
        '--host 203.0.113.9':
          'cannot listen there (EADDRNOTAVAIL); choose an address of this machine',
      },
    ],
    ['serve koa --port 0 --streams 5', { '--streams': 'no such option; see --help' }],
    ['serve koa --prot=0 --port 0', { '--prot': 'did you mean --port?' }],
    [
      'serve expres hono 80 --bogus --port abc --host 203.0.113.9',
      {
        '--bogus': 'see --help',
        expres: 'did you mean express?',
        hono: 'give one name',
        80: 'did you mean --port 80?',
        '--port abc': aPort,
        '--host 203.0.113.9': 'choose an address of this machine',
      },
    ],
  ],
  'an invalid expectation': [
    ['run floor --expect', { '--expect': "such as --expect 'delivery.p99 < 50ms'" }],
    [
      ['run', 'floor', '--expect', 'fast', '--expect', 'delivery.p98 < 1ms'],
      {
        '--expect fast': 'a metric, an operator (< <= > >= =) and a number',
        '--expect delivery.p98 < 1ms': 'did you mean delivery.p9',
      },
    ],
    [
      ['run', 'floor', '--expect', 'cpu < 30', '--expect', 'missing = 0ms'],
      { '--expect cpu < 30': "--expect 'cpu < 30µs'", '--expect missing = 0ms': 'without a unit' },
    ],
  ],
  'an impossible comparison': [
    [
      'run floor --baseline main',
      {
        '--baseline main':
          'no such baseline in results/baselines; create it with --save-baseline main',
      },
    ],
    [
      'run floor --baseline ../main --save-baseline',
      {
        '--baseline ../main': 'such as --baseline main',
        '--save-baseline': 'such as --save-baseline main',
      },
    ],
    [
      ['run', 'floor', '--save-baseline', '', '--baseline', '-x'],
      {
        "--save-baseline ''": 'must be a name of letters',
        '--baseline': 'must be a name',
        '-x': 'see --help',
      },
    ],
    [
      'run floor --fail-on worse --anyway',
      { '--fail-on worse': 'add --baseline <name>', '--anyway': 'add --baseline <name>' },
    ],
    ['run floor koa --against hono', { '--against hono': 'choose from floor, koa' }],
    ['run floor --against', { '--against': 'such as --against express' }],
    [
      'compare --streams 5',
      {
        '--streams': 'see --help',
        compare:
          'give a baseline and a candidate, such as ssebench compare results/before results/after',
      },
    ],
  ],
  'an invalid config file': [
    ['run --config', { '--config': 'such as --config ssebench.config.ts' }],
    ['run floor --config nowhere.ts', { '--config nowhere.ts': 'no such file; check the path' }],
    [
      `run --config ${configs}/wrong.json --rounds 0`,
      {
        'wrong.json: streams 0': 'must be a whole number from 1 to 1,000,000, such as 1000',
        'wrong.json: stream': 'did you mean streams?',
        '--expect cpu < 30': 'in ns, µs',
        expres: 'did you mean express?',
        '--rounds 0': '--rounds 6',
      },
    ],
    [
      `run --config ${configs}/wrong.ts`,
      {
        'wrong.ts: interval 100': 'from 0ms to 24h, such as "100ms"',
        '--against hono': 'choose from koa, floor',
      },
    ],
    ...['no-json.json', 'no-script.ts', 'throws.js', 'throws-nothing.mjs'].map((name): Row => [
      `run --config ${configs}/${name}`,
      { [`--config ${configs}/${name}`]: 'cannot be read: ' },
    ]),
    [
      `run --config ${configs}/exports-nothing.mjs`,
      { 'exports-nothing.mjs': 'must have an object as its default export' },
    ],
  ],
  'a folder in place of a file': [
    [
      `leaks floor --junit ${things}/full`,
      { [`--junit ${things}/full`]: 'is a folder; choose another file' },
    ],
  ],
  watch: [
    [
      'watch 4711 --every 9s --inspections 6 --json=yes',
      {
        '4711': 'give the process with --pid',
        '--every 9s': 'such as --every 10m',
        '--inspections 6': 'such as --inspections 100',
        '--json': 'write --json alone',
        '--pid': 'such as --pid 4711',
      },
    ],
    ['watch --pid 4194304', { '--pid 4194304': 'start the server first' }],
  ],
  'an unknown command': [
    ['rum floor', { rum: 'did you mean run?' }],
    ['Serve express', { Serve: 'did you mean serve?' }],
    [
      'frobnicate --bogus',
      {
        frobnicate:
          'no such command; choose run, leaks, watch, check, compare, report, serve, help or completion, or see --help',
      },
    ],
    ['help scenrios', { scenrios: 'no such command or manual; did you mean scenarios?' }],
    ['help run twice', { twice: 'is one too many; name one command or manual' }],
    ['completion', { completion: 'no shell is named; choose bash, zsh or fish' }],
    ['completion tcsh', { tcsh: 'no script for this shell; choose bash, zsh or fish' }],
    ['completion bsh --bogus', { bsh: 'did you mean bash?', '--bogus': 'see --help' }],
    ['express', { express: 'did you mean run express?' }],
    ['http://127.0.0.1/', { 'http://127.0.0.1/': 'did you mean run http://127.0.0.1/?' }],
    [[''], { "''": 'choose run, leaks, watch, check, compare, report, serve, help or completion' }],
    [
      '--bogus',
      {
        '--bogus':
          'begin with run, leaks, watch, check, compare, report, serve, help or completion, or see --help',
      },
    ],
    [
      '--streams 5 run floor',
      {
        '--streams':
          'begin with run, leaks, watch, check, compare, report, serve, help or completion',
      },
    ],
    ['--version=1', { '--version': 'or see --help' }],
  ],
};

describe.each(Object.entries(rows))('%s', (_what, those) => {
  test.concurrent.each(those)('%j is refused', async (words, complaints, descriptors) => {
    const argv = typeof words === 'string' ? words.split(' ') : words;
    const { code, stdout, stderr, launched, written } = await observed((place) =>
      inTurn(argv, place, descriptors),
    );
    const [first, ...lines] = stderr.trimEnd().split('\n');
    expect(first).toBe('Error: invalid input; nothing was started:');
    // Each complaint has its own line, and there are no other lines, such as a stack trace.
    const named = lines.map((line) => {
      const meets = ([beginning, remedy]: [string, string]) =>
        line.startsWith(`  ${beginning}: `) && line.includes(remedy, beginning.length + 4);
      return Object.entries(complaints).find(meets)?.[0] ?? line;
    });
    expect(named.toSorted()).toEqual(Object.keys(complaints).toSorted());
    expect({ code, stdout, launched, written }).toEqual({
      code: 2,
      stdout: '',
      launched: '',
      written: [],
    });
  });
});

test('no arguments print the help to stderr', async () => {
  const { stderr, ...rest } = await observed((place) => alone([], place));
  expect(stderr).toMatch(/^Usage: ssebench <command> \[options\]\n/);
  expect(rest).toEqual({ code: 2, stdout: '', launched: '', written: [] });
});

test('existing files and folders are unchanged', () => {
  expect(readdirSync(things, { recursive: true }).toSorted()).toEqual([
    'file',
    'full',
    'full/result.json',
    'link',
  ]);
  for (const file of ['file', 'full/result.json'])
    expect(readFileSync(join(things, file), 'utf8')).toBe('precious');
});

test.each([
  ['serve floor --port 0', []],
  ['run floor --streams 1 --rounds 1 --out mine', ['mine']],
])('%s is recorded when it launches and writes', async (words, written) => {
  for (const run of [alone, inTurn])
    expect(await observed((place) => run(words.split(' '), place))).toMatchObject({
      launched: expect.stringContaining(join(trap, 'setpriv')),
      written,
    });
});
