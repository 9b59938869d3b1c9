import { expect, test } from 'vitest';
import { inspectorOptionsIn, isLoopbackHost } from './inspector-options.ts';

const usual = { host: '127.0.0.1', port: 9229, unknown: [] };

test.each<[string, string[], object]>([
  ['', ['node', 'server.js'], usual],
  ['', ['node', '--inspect-port=0.0.0.0', 'server.js'], { ...usual, host: '0.0.0.0' }],
  [
    '',
    ['node', '--inspect_port=0.0.0.0:9555', 'server.js'],
    { ...usual, host: '0.0.0.0', port: 9555 },
  ],
  [
    '',
    ['node', '--inspect-port', '0.0.0.0:9555', 'server.js'],
    { ...usual, host: '0.0.0.0', port: 9555 },
  ],
  ['', ['node', '--debug_port=[::]:0', 'server.js'], { ...usual, host: '::', port: 0 }],
  ['', ['node', '--inspect-port=[::1]', 'server.js'], { ...usual, host: '::1' }],
  ['', ['node', '--inspect', 'server.js'], usual],
  ['', ['node', '--inspect-brk=9230', 'server.js'], { ...usual, port: 9230 }],
  [
    '',
    ['node', '--inspect-wait=host.example:9230', 'server.js'],
    { ...usual, host: 'host.example', port: 9230 },
  ],
  [
    '--inspect-port="0.0.0.0:9556"',
    ['node', 'server.js'],
    { ...usual, host: '0.0.0.0', port: 9556 },
  ],
  [
    '--ins"pect-port=0.0.0.0:9556"',
    ['node', 'server.js'],
    { ...usual, host: '0.0.0.0', port: 9556 },
  ],
  [
    '--require "/a \\"b\\" --inspect-port=0.0.0.0" --inspect-port 9557',
    ['node', 'server.js'],
    { ...usual, port: 9557 },
  ],
  // The command line follows the environment, and a port alone does not change the host.
  [
    '--inspect-port=0.0.0.0:1',
    ['node', '--inspect-port=9230', 'server.js'],
    { ...usual, host: '0.0.0.0', port: 9230 },
  ],
  [
    '--inspect-port=0.0.0.0:1',
    ['node', '--inspect-port=127.0.0.1:9230', 'server.js'],
    { ...usual, port: 9230 },
  ],
  // Words after the program belong to the program.
  ['', ['node', 'server.js', '--inspect-port=0.0.0.0', '--debug'], usual],
  ['', ['node', '--', 'server.js', '--inspect-port=0.0.0.0'], usual],
  [
    '',
    ['node', '-r', 'x.js', '--import', 'y.js', '--inspect-port=0.0.0.0', 'server.js'],
    { ...usual, host: '0.0.0.0' },
  ],
  ['', ['node', '-e', 'code --inspect', '--inspect-port=0.0.0.0'], { ...usual, host: '0.0.0.0' }],
  // Deno has a command before its options.
  ['', ['/usr/bin/deno', 'run', '--inspect=127.0.0.1:9230', 'server.ts'], { ...usual, port: 9230 }],
  // These options do not change the address.
  [
    '--experimental-network-inspection --allow-inspector',
    ['node', '--inspect-publish-uid=stderr,http', 's.js'],
    usual,
  ],
  ['--enable-source-maps', ['node', '--max-old-space-size=4096', 's.js'], usual],
])('NODE_OPTIONS=%s %j', (nodeOptions, commandLine, expected) => {
  expect(inspectorOptionsIn(nodeOptions, commandLine)).toEqual(expected);
});

test.each([
  '--no-inspect',
  '--inspect-publish-uid=stderr',
  '--inspect-publish-uid',
  '--inspect-host=0.0.0.0',
  '--inspector-port=0.0.0.0',
  '--debug=5858',
  '--debug-brk',
  '--Inspect-port=0.0.0.0',
  '--inspect-port=127.0.0.1:',
  '--inspect-port=127.0.0.1:99999',
  '--inspect-port=127.0.0.1:x',
])('%s is reported as unknown', (option) => {
  expect(inspectorOptionsIn('', ['node', option, 's.js'])).toMatchObject({ unknown: [option] });
  expect(inspectorOptionsIn(option, ['node', 's.js'])).toMatchObject({ unknown: [option] });
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', 'LOCALHOST'])(
  '%s is this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);
test.each([
  '0.0.0.0',
  '::',
  '0',
  '127.1',
  '10.0.0.1',
  'localhost.example',
  '127.0.0.1.example',
  '',
])('%j may be another machine', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
