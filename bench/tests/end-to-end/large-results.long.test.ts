/**
 * Large saved results, and files that only look like one: the memory that the real command needs
 * for them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { measuredRound, runResult } from '../fixtures/helpers/result.ts';
import { countsLength } from '../../measure/hdr-format.ts';
import type { MeasuredRound, RunResult } from '../../result/run-result.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const reference = fileURLToPath(new URL('../../../results/reference/result.json', import.meta.url));
const megabyte = 1e6;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command on files in the test's folder, and records its peak memory. */
async function measured(...args: string[]) {
  const atEnd = `process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)))`;
  const preload = join(folder, 'preload.cjs');
  writeFileSync(preload, atEnd);
  const child = spawn(process.execPath, ['--require', preload, cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: 280_000,
  });
  const output = { stderr: '', kilobytes: '' };
  child.stderr!.on('data', (text) => (output.stderr += text));
  (child.stdio[3] as NodeJS.ReadableStream).on('data', (text) => (output.kilobytes += text));
  const [code] = await once(child, 'close');
  return { code, stderr: output.stderr, megabytes: (Number(output.kilobytes) * 1024) / megabyte };
}

const write = (text: string) => writeFileSync(join(folder, 'result.json'), text);

describe('a long run', () => {
  /** Repeats the rounds of the reference result with new numbers. */
  function longRun(rounds: number, servers: readonly string[]): RunResult {
    const { rounds: recorded, ...head } = JSON.parse(readFileSync(reference, 'utf8')) as RunResult;
    const repeated = Array.from({ length: rounds }, (_, n) => ({
      ...recorded[n % recorded.length]!,
      server: servers[n % servers.length]!,
      round: 1 + Math.floor(n / servers.length),
    }));
    return {
      ...head,
      servers: [...servers],
      against: servers.length > 1 ? servers[0]! : null,
      rounds: repeated,
      scenario: { ...head.scenario, rounds: rounds / servers.length },
    };
  }

  test.each([
    ['of one server', ['express']],
    [
      'of nine servers',
      ['floor', 'node-http', 'express', 'fastify', 'hono', 'koa', 'h3', 'nest', 'better-sse'],
    ],
  ])('its 2,997 rounds %s are reported with less than 700 MB', async (_name, servers) => {
    write(JSON.stringify({ ...longRun(2_997, servers), expect: ['delivery.p99 < 1s'] }, null, 1));
    expect(statSync(join(folder, 'result.json')).size).toBeGreaterThan(30 * megabyte);
    const { code, stderr, megabytes } = await measured('report', '.');
    expect({ code, stderr }).toEqual({
      code: exitCodes.success,
      stderr: expect.stringContaining('report.html'),
    });
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain(
      `${2_997 / servers.length} rounds in shuffled order`,
    );
    expect(megabytes).toBeGreaterThan(50); // proves that memory was measured
    expect(megabytes).toBeLessThan(700);
  });
});

describe('a file of two megabytes', () => {
  const round = measuredRound('koa', 1);
  /** A result as text, with another text in one place. The types need not allow it. */
  const withText = (result: unknown, text: string) => JSON.stringify(result).replace('"@"', text);
  const fault = (item: string) =>
    `[${Array.from({ length: Math.floor((1.6 * megabyte) / (item.length + 1)) }, () => item).join(',')}]`;
  const head = (overrides: object) => ({ ...runResult(['koa'], [round]), ...overrides });
  const inRound = (overrides: object) => head({ rounds: [{ ...round, ...overrides }] });
  const many = <T>(count: number, of: (n: number) => T) =>
    Array.from({ length: count }, (_, n) => of(n));

  function encoded(payload: Buffer): string {
    const plain = Buffer.alloc(40 + payload.length);
    for (const [place, word] of [0x1c849313, payload.length, 1, 3].entries())
      plain.writeInt32BE(word, 4 * place);
    for (const [place, word] of [1n, 3_600_000_000n, 1n].entries())
      plain.writeBigInt64BE(word, 16 + 8 * place);
    payload.copy(plain, 40);
    const compressed = deflateSync(plain, { level: 9 });
    const frame = Buffer.alloc(8);
    frame.writeInt32BE(0x1c849314, 0);
    frame.writeInt32BE(compressed.length, 4);
    return Buffer.concat([frame, compressed]).toString('base64');
  }
  /** Each is 100 characters long and decodes to a histogram with every possible duration. */
  const full = Object.fromEntries(
    Object.keys(round.histograms).map((name) => [name, encoded(Buffer.alloc(countsLength, 2))]),
  ) as MeasuredRound['histograms'];
  const small = { ...round, timeline: { phases: [], samples: [] } };

  const refused: [string, () => string, RegExp][] = [
    ['rounds that are numbers', () => withText(head({ rounds: '@' }), fault('0')), /rounds\.0: /],
    [
      'rounds without a state',
      () => withText(head({ rounds: '@' }), fault('{}')),
      /rounds\.0\.state: /,
    ],
    [
      'rounds with only a state',
      () => withText(head({ rounds: '@' }), fault('{"state":"measured"}')),
      /rounds\.0\.server: /,
    ],
    [
      'a good round with empty samples',
      () => withText(inRound({ timeline: { phases: [], samples: '@' } }), fault('{}')),
      /rounds\.0\.timeline\.samples\.0\.atMs: /,
    ],
    [
      'failure causes that are numbers',
      () =>
        withText(inRound({ failures: '@' }), `{${many(150_000, (n) => `"c${n}":0`).join(',')}}`),
      /rounds\.0\.failures\.c0: /,
    ],
    ['empty leaks', () => withText(head({ leaks: '@' }), fault('{}')), /leaks\.0\.inspection: /],
    [
      'nested arrays',
      () => withText(head({ rounds: '@' }), '['.repeat(8e5) + ']'.repeat(8e5)),
      /rounds\.0: /,
    ],
    [
      'nested objects',
      () => withText(head({ environment: '@' }), '{"a":'.repeat(3e5) + '1' + '}'.repeat(3e5)),
      /environment\.ssebench: /,
    ],
    [
      'one server, repeated 400,000 times',
      () => withText(head({ servers: '@' }), fault('"koa"')),
      /servers: /,
    ],
    [
      '200,000 servers',
      () => JSON.stringify(head({ servers: many(200_000, (n) => `s${n}`) })),
      /servers: /,
    ],
    [
      'the same server twice',
      () => JSON.stringify(head({ servers: ['koa', 'koa'] })),
      /servers: has a server twice/,
    ],
    [
      '60,000 expectations',
      () => JSON.stringify(head({ expect: many(60_000, () => 'delivery.p99 < 50ms') })),
      /expect: /,
    ],
    [
      '15,000 generators',
      () => JSON.stringify(inRound({ generators: many(15_000, () => round.generators[0]) })),
      /rounds\.0\.generators: /,
    ],
    [
      'a histogram that decompresses to 1 GB',
      () =>
        JSON.stringify(
          inRound({
            histograms: {
              delivery: deflateSync(Buffer.alloc(1e9), { level: 9 }).toString('base64'),
            },
          }),
        ),
      /a histogram that cannot be read/,
    ],
    [
      'thousands of full histograms',
      () =>
        JSON.stringify(
          head({ rounds: many(800, (n) => ({ ...small, histograms: full, round: n + 1 })) }),
        ),
      /far more values than a measurement of this size/,
    ],
  ];
  test.each(refused)(
    'a file with %s is refused, with the place, in little memory',
    async (_name, text, reason) => {
      write(text());
      expect(statSync(join(folder, 'result.json')).size).toBeLessThan(3 * megabyte);
      const { code, stderr, megabytes } = await measured('report', '.');
      expect({ code, stderr }).toEqual({
        code: exitCodes.badInput,
        stderr: expect.stringMatching(
          /^Error: invalid input; nothing was started:\n {2}\.: is damaged: .*; measure it again\n$/,
        ),
      });
      expect(stderr).toMatch(reason);
      expect(existsSync(join(folder, 'report.html'))).toBe(false);
      expect(megabytes).toBeGreaterThan(50);
      expect(megabytes).toBeLessThan(400);
    },
  );

  const shown: [string, () => string][] = [
    [
      '30,000 steps of a search',
      () =>
        JSON.stringify(
          head({
            capacity: [
              {
                server: 'koa',
                most: 1,
                tooMuch: 2,
                reason: null,
                steps: many(30_000, () => ({ load: 1, holds: true, why: '', bottleneck: '' })),
              },
            ],
          }),
        ),
    ],
    [
      '40,000 failure causes',
      () =>
        JSON.stringify(
          inRound({
            failures: Object.fromEntries(
              many(40_000, (n) => [`cause ${n}`, { count: 1, example: '' }]),
            ),
          }),
        ),
    ],
    [
      '30,000 doubts',
      () =>
        JSON.stringify(
          inRound({ doubts: many(30_000, (n) => ({ check: `c${n}`, finding: 'f', remedy: 'r' })) }),
        ),
    ],
    [
      '15,000 samples',
      () =>
        JSON.stringify(
          inRound({
            timeline: {
              phases: [],
              samples: many(15_000, (n) => ({ ...round.timeline.samples[0], atMs: n })),
            },
          }),
        ),
    ],
    [
      '1,000 rounds without histograms',
      () =>
        JSON.stringify(
          head({ rounds: many(1_000, (n) => ({ ...small, histograms: {}, round: n + 1 })) }),
        ),
    ],
    [
      'the largest possible numbers',
      () =>
        JSON.stringify(
          inRound({
            durationMs: 1e308,
            counts: { ...round.counts, events: Number.MAX_SAFE_INTEGER },
            process: { ...round.process, cpuNs: 1e308, cpuOverMs: 0 },
          }),
        ),
    ],
    [
      'causes named like properties of every object',
      () =>
        withText(
          inRound({ failures: '@' }),
          '{"__proto__":{"count":1,"example":""},"constructor":{"count":2,"example":""}}',
        ),
    ],
  ];
  test.each(shown)('a file with %s is reported in little memory', async (_name, text) => {
    write(text());
    expect(statSync(join(folder, 'result.json')).size).toBeLessThan(3 * megabyte);
    const { code, stderr, megabytes } = await measured('report', '.');
    expect({ code, stderr }).toEqual({
      code: exitCodes.success,
      stderr: expect.stringContaining('report.html'),
    });
    expect(megabytes).toBeGreaterThan(50);
    expect(megabytes).toBeLessThan(450);
  });
});

test('an endless file is refused after 256 MiB', async () => {
  const { code, stderr, megabytes } = await measured('compare', '/dev/zero', '/dev/zero');
  expect({ code, stderr }).toEqual({
    code: exitCodes.badInput,
    stderr: expect.stringContaining('/dev/zero: is larger than 256 MiB'),
  });
  expect(megabytes).toBeLessThan(700);
});
