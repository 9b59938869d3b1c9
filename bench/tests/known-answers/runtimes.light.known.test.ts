/**
 * Servers that do not run on Node: ssebench inspects Bun from outside, and Deno through its
 * inspector. Both are installed from npm.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { findLeaks } from '../../index.ts';
import { portsOf } from '../../system/sockets.ts';

const packages = ['@oven/bun-linux-x64@1.4.5', '@deno/linux-x64-glibc@2.9.6'];
const folder = fileURLToPath(new URL('../../../node_modules/.cache/runtimes', import.meta.url));
const installed = (path: string) => join(folder, 'node_modules', path);
const bun = installed('@oven/bun-linux-x64/bin/bun');
const deno = installed('@deno/linux-x64-glibc/deno');
const server = fileURLToPath(new URL('../fixtures/servers/web-server.js', import.meta.url));
const line =
  readFileSync(server, 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('setInterval(')) + 1;

nothingLeftRunning(watchChildren());

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a server on',
  // Bun is inspected from outside, where other work of the machine is visible.
  { timeout: 120_000, retry: 2 },
  () => {
    beforeAll(() => {
      if (existsSync(bun) && existsSync(deno)) return;
      execFileSync(
        'npm',
        [
          'install',
          '--prefix',
          folder,
          '--no-save',
          '--ignore-scripts',
          '--no-audit',
          '--prefer-offline',
          ...packages,
        ],
        { stdio: 'pipe' },
      );
    }, 120_000);

    async function check(command: string[], kind: 'clean' | 'leaks', given?: number) {
      const port = given ?? (await freePort());
      const app = {
        url: `http://127.0.0.1:${port}/`,
        command: [...command, server, String(port), kind],
      };
      const { state, inspection, why, reason, modes } = await findLeaks(app, {
        modes: ['close'],
        streams: 20,
        deadline: '1s',
      });
      return { state, inspection, why, reason, leaks: modes.flatMap(({ leaks }) => leaks) };
    }

    describe('Bun', () => {
      test('that leaks', async () => {
        const { leaks, ...verdict } = await check([bun], 'leaks');
        expect(verdict).toEqual({
          state: 'leaking',
          inspection: 'outside',
          why: 'bun is neither Node nor Deno; if it has a V8 inspector, use --inspection inspector',
          reason: null,
        });
        expect(leaks.map(({ kind }) => kind)).toContain('wakeup');
        expect(leaks.every(({ place }) => place === undefined)).toBe(true);
      });

      test('that does not leak', async () => {
        expect(await check([bun], 'clean')).toMatchObject({
          state: 'clean',
          inspection: 'outside',
          leaks: [],
        });
      });
    });

    describe('Deno', () => {
      test('that leaks: the finding has the line', async () => {
        const { leaks, ...verdict } = await check([deno, 'run', '--allow-all'], 'leaks');
        expect(verdict).toEqual({
          state: 'leaking',
          inspection: 'inspector',
          why: '',
          reason: null,
        });
        expect(leaks).toMatchObject([
          {
            kind: 'timer',
            what: 'setInterval 100 ms',
            perDisconnect: 1,
            place: { file: 'bench/tests/fixtures/servers/web-server.js', line },
          },
        ]);
      });

      test('that does not leak', async () => {
        expect(await check([deno, 'run', '--allow-all'], 'clean')).toMatchObject({
          state: 'clean',
          inspection: 'inspector',
          leaks: [],
        });
      });

      test('with few permissions is inspected, because it ends with ssebench', async () => {
        const port = await freePort();
        expect(
          await check([deno, 'run', `--allow-net=127.0.0.1:${port}`], 'clean', port),
        ).toMatchObject({ state: 'clean', inspection: 'inspector', leaks: [] });
      });
    });

    describe('Deno that already runs', () => {
      let running: ChildProcess | undefined;
      afterEach(async () => {
        running?.kill('SIGKILL');
        if (running?.exitCode === null && running.signalCode === null) await once(running, 'exit');
      });
      async function start(...permissions: string[]) {
        const port = await freePort();
        running = spawn(deno, ['run', ...permissions, server, String(port), 'clean'], {
          stdio: 'ignore',
        });
        await expect.poll(() => portsOf(running!.pid!)).toEqual([port]);
        return {
          pid: running.pid!,
          port,
          words: [
            'leaks',
            '--modes',
            'close',
            '--streams',
            '5',
            '--url',
            `http://127.0.0.1:${port}/`,
            '--pid',
            String(running.pid),
          ],
        };
      }
      const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));

      test('is inspected, and its inspector is closed afterwards', async () => {
        const { pid, port, words } = await start('--allow-all');
        expect(execFileSync(process.execPath, [cli, ...words], { encoding: 'utf8' })).toMatch(
          /^clean .*\(inspected with V8’s inspector\)/,
        );
        expect(portsOf(pid)).toEqual([port]);
      });

      test.each([0, 30, 500])(
        'closes its inspector after kill -9 of ssebench, %i ms after it opened',
        async (afterMs) => {
          const { pid, port, words } = await start('--allow-all');
          const child = spawn(process.execPath, [cli, ...words], { stdio: 'ignore' });
          await expect.poll(() => portsOf(pid), { interval: 1 }).not.toEqual([port]);
          await sleep(afterMs);
          child.kill('SIGKILL');
          await once(child, 'exit');
          await expect.poll(() => portsOf(pid)).toEqual([port]);
        },
      );

      test('without the permission to close its inspector gets no signal', async () => {
        const { pid, port, words } = await start('--allow-net');
        const child = spawn(process.execPath, [cli, ...words], {
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        let stdout = '';
        child.stdout.on('data', (text) => (stdout += text));
        expect(await once(child, 'close')).toEqual([exitCodes.invalid, null]);
        expect(stdout).toContain(
          `process ${pid} is Deno without the permission to close its inspector again; start it with --allow-all, or with --allow-net --allow-sys; --inspection outside works without the inspector`,
        );
        expect(portsOf(pid)).toEqual([port]);
      });
    });
  },
);
