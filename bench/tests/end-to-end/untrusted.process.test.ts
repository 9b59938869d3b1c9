/**
 * Malicious servers, and commands that print malicious text: through the real command line to
 * terminals, CI systems and files.
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { atTerminal } from '../fixtures/helpers/at-terminal.ts';
import {
  runCommand,
  startCommandProcess,
  type Ended,
} from '../fixtures/helpers/command-process.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';

const small = ['--streams', '5', '--deadline', '300ms', '--modes', 'close'];
/**
 * Clears the screen, sets the clipboard and the title, starts lines and commands, and is invalid
 * XML.
 */
const hostile =
  '\u001b[2J\u001b]52;c;aW5q\u0007\u009b31m\u009d0;t\u009c\rinjected \u202e\uffff\u0000\n::error::injected\n##[error]injected %0A::error::injected';
const steering = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = { GITHUB_ACTIONS: 'true' };
const ssebench = async (...words: string[]) =>
  escaped(await runCommand({ words, folder, environment }));

/** Checks everything that a command printed. */
function escaped(ended: Ended): Ended {
  for (const line of `${ended.stdout}\n${ended.stderr}`.split('\n')) {
    expect(line).not.toMatch(steering);
    expect(line).not.toMatch(/##\[|^injected/);
    // The only commands to GitHub's runner are our own.
    expect(line).not.toMatch(
      /^\s*::(?!error (file=[^:,]*,line=\d+,)?title=ssebench (leaks|run)::)/,
    );
  }
  return ended;
}

/** A program for a command to start. It reads the text from HOSTILE. */
function programIn(text: string): string[] {
  writeFileSync(
    join(folder, 'server.mjs'),
    `import { createServer } from 'node:http';\nimport { EventEmitter } from 'node:events';\nconst hostile = ${JSON.stringify(hostile)};\n${text}`,
  );
  return [process.execPath, 'server.mjs', hostile.replaceAll('\u0000', '')];
}
const urlAt = (port: number) => `http://127.0.0.1:${port}/event`;

describe('leaks', () => {
  const crash = `process.stderr.write(hostile + '\\r\\nlast words \\x1b[31m\\n'); process.exitCode = 7;`;

  test.each([
    ['crashes at once', () => crash],
    [
      'crashes at its first request',
      (port: number) =>
        `const server = createServer((req, res) => { if (req.url !== '/event') return res.end(); ${crash} server.close(); server.closeAllConnections(); }).listen(${port}, '127.0.0.1');`,
    ],
  ])('the output of a command that %s is escaped', async (_what, program) => {
    const port = await freePort();
    const command = programIn(program(port));
    const { code, stdout } = await ssebench(
      'leaks',
      ...small,
      '--junit',
      'leaks.xml',
      '--url',
      urlAt(port),
      '--',
      ...command,
    );
    expect(code).toBe(exitCodes.invalid);
    expect(stdout).toMatch(
      /^NOT INSPECTED .*: .*node server\.mjs … ended: exit code 7\n[^]*\n +last words {2}\[31m\n::error title=ssebench leaks::[^\n]*last words {2}\[31m\n$/,
    );
    expect(stdout).toContain('\n      : :error::injected\n');
    const xml = readFileSync(join(folder, 'leaks.xml'), 'utf8');
    expect(xml).not.toMatch(steering);
    expect(xml.split('\n')).toHaveLength(9);
    const { stdout: json } = await ssebench(
      'leaks',
      ...small,
      '--json',
      '--url',
      urlAt(port),
      '--',
      ...command,
    );
    expect(JSON.parse(json).servers[0].reason).toContain('\u001b[2J');
  });

  test('the event name of a leaked listener is escaped', async () => {
    const port = await freePort();
    const command = programIn(`
      const all = new EventEmitter().setMaxListeners(0);
      createServer((req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        all.on(hostile, () => res.write('data: 1\\n\\n'));
        const timer = setInterval(() => res.write('data: 1\\n\\n'), 20);
        res.on('close', () => clearInterval(timer));
      }).listen(${port}, '127.0.0.1');`);
    const { code, stdout } = await ssebench(
      'leaks',
      ...small,
      '--junit',
      'leaks.xml',
      '--url',
      urlAt(port),
      '--',
      ...command,
    );
    expect(code).toBe(exitCodes.leaking);
    expect(stdout.split('\n').filter((line) => line.includes('injected'))).toEqual([
      expect.stringMatching(
        /^ {2}LEAK {2}graceful close: 1\.00 listeners per disconnect .*injected.*server\.mjs:\d+/,
      ),
      expect.stringMatching(
        /^::error file=server\.mjs,line=\d+,title=ssebench leaks::http:.*%0A::error::injected%0A# #\[error\]injected %250A::error::injected/,
      ),
    ]);
    const xml = readFileSync(join(folder, 'leaks.xml'), 'utf8');
    expect(xml).not.toMatch(steering);
    expect(xml).toMatch(
      /<failure message="graceful close: 1\.00 listeners per disconnect .*injected/,
    );
  });

  test('a terminal receives no control characters except the colours of ssebench', async () => {
    const port = await freePort();
    programIn(crash);
    const terminal = atTerminal(folder, [
      'leaks',
      ...small,
      '--url',
      urlAt(port),
      '--',
      process.execPath,
      'server.mjs',
    ]);
    await terminal.ended;
    const screen = terminal.screen();
    expect(screen).toContain('last words');
    expect(screen).toMatch(/\u001b\[31mNOT INSPECTED\u001b\[39m/);
    expect(screen.replaceAll(/\u001b\[(\d+m|2K)|\r/g, '')).not.toMatch(steering);
    expect(screen).not.toMatch(/\u001b\[2J|\rinjected/);
  });
});

const answers = {
  'the status line': 'HTTP/1.1 401 No\u009b31m\u0085::error::injected\r\nContent-Length: 0\r\n\r\n',
  'the content type':
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\u009b2J\u009d0;injected\u009c\r\nContent-Length: 0\r\n\r\n',
  'a redirect':
    'HTTP/1.1 302 Found\r\nLocation: /\u009b2J\u0085injected\r\nContent-Length: 0\r\n\r\n',
  'an event':
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: \u00ff\u001b[2J\u009b31m\n\ndata: \u001b]0;injected\u0007\u00ff\n\n',
};
test(`run escapes hostile text in ${Object.keys(answers).join(', ')}`, async () => {
  const servers = Object.values(answers).map((answer) =>
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write(answer, 'latin1'));
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const urls = servers.map((server) => urlAt((server.address() as AddressInfo).port));
  const brief = '--streams 2 --ramp 0ms --warmup 0ms --duration 2s --rounds 1'.split(' ');
  const probed = await ssebench('run', ...urls, ...brief, '--out', 'probed');
  const { stdout } = await ssebench('run', ...urls, ...brief, '--no-probe', '--out', 'out');
  for (const server of servers) server.close();
  for (const url of urls.slice(0, -1)) expect(probed.stderr).toContain(url); // not the stream
  for (const url of urls) expect(stdout).toContain(url);
  for (const name of ['report.md', 'report.html', 'result.json']) {
    // The embedded libraries follow this point.
    const [own] = readFileSync(join(folder, 'out', name), 'utf8').split('<!--');
    expect(own).not.toMatch(steering);
    expect(own).toContain('injected');
  }
});

test('complaints escape hostile text in arguments and in config files', async () => {
  writeFileSync(join(folder, 'throws.mjs'), `throw new Error(${JSON.stringify(hostile)});`);
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ [hostile]: 1, streams: hostile }));
  const commands = startCommandProcess();
  const typed = hostile.replaceAll('\u0000', '');
  for (const words of [
    ['run', typed],
    ['run', 'koa', `--${typed}`],
    ['run', 'koa', '--streams', typed],
    [typed],
    ['compare', typed, typed],
    ['report', typed],
    ['serve', typed],
    ['run', '--config', 'throws.mjs'],
    ['run', '--config', 'keys.json'],
    ['leaks', '--url', typed, '--pid', '1'],
    ['run', 'koa', '--out', `/proc/${typed}`],
  ]) {
    const { code, stdout, stderr } = escaped(await commands.run({ words, folder, environment }));
    expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('  '))).toEqual([
      'Error: invalid input; nothing was started:',
    ]);
  }
  await commands.end();
});
