/** Programs that are no Node: Bun is looked at from outside, Deno by its inspector. Both come from npm. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../tests/fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../tests/fixtures/helpers/watch-children.ts';
import { findLeaks } from '../index.ts';

const packages = ['@oven/bun-linux-x64@1.4.5', '@deno/linux-x64-glibc@2.9.6'];
const folder = fileURLToPath(new URL('../../node_modules/.cache/runtimes', import.meta.url));
const installed = (path: string) => join(folder, 'node_modules', path);
const bun = installed('@oven/bun-linux-x64/bin/bun');
const deno = installed('@deno/linux-x64-glibc/deno');
const server = fileURLToPath(new URL('../tests/fixtures/servers/web-server.js', import.meta.url));
const line =
  readFileSync(server, 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('setInterval(')) + 1;

nothingLeftRunning(watchChildren());

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a server on',
  { timeout: 60_000 },
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

    async function check(command: string[], kind: 'clean' | 'leaks') {
      const port = await freePort();
      const app = {
        url: `http://127.0.0.1:${port}/`,
        command: [...command, server, String(port), kind],
      };
      const { state, look, why, reason, modes } = await findLeaks(app, {
        modes: ['close'],
        streams: 20,
        deadline: '1s',
      });
      return { state, look, why, reason, leaks: modes.flatMap(({ leaks }) => leaks) };
    }

    describe('Bun', () => {
      test('that leaks', async () => {
        const { leaks, ...verdict } = await check([bun], 'leaks');
        expect(verdict).toEqual({
          state: 'leaking',
          look: 'outside',
          why: 'bun is not known to have an inspector of V8’s; --look inspector asks it for one',
          reason: null,
        });
        expect(leaks.map(({ kind }) => kind)).toContain('wakeup');
        expect(leaks.every(({ place }) => place === undefined)).toBe(true);
      });

      test('that does not', async () => {
        expect(await check([bun], 'clean')).toMatchObject({
          state: 'clean',
          look: 'outside',
          leaks: [],
        });
      });
    });

    describe('Deno', () => {
      test('that leaks, with the line', async () => {
        const { leaks, ...verdict } = await check([deno, 'run', '--allow-all'], 'leaks');
        expect(verdict).toEqual({ state: 'leaking', look: 'inspector', why: '', reason: null });
        expect(leaks).toMatchObject([
          {
            kind: 'timer',
            what: 'setInterval 100 ms',
            perDisconnect: 1,
            place: { file: 'bench/tests/fixtures/servers/web-server.js', line },
          },
        ]);
      });

      test('that does not', async () => {
        expect(await check([deno, 'run', '--allow-all'], 'clean')).toMatchObject({
          state: 'clean',
          look: 'inspector',
          leaks: [],
        });
      });
    });
  },
);
