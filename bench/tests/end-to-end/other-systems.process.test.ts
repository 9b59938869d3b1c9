/** The commands that work on macOS and Windows, and the one that refuses. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { runResultSchema } from '../../result/run-result.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';
import { runOnOtherSystem } from '../fixtures/helpers/other-system.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
/** Long enough for the streams to open, also on a busy machine. */
const small = '--streams 5 --interval 50ms --duration 500ms --ramp 50ms --warmup 1s'.split(' ');

let server: RunningServer;
let url = '';
beforeAll(async () => {
  server = await startServer(catalog['node-http']!.file, undefined);
  url = `${server.origin}/event?interval=50`;
});
afterAll(() => server.stop());

describe.runIf(process.platform === 'linux').concurrent.each([
  ['macOS', 'darwin'],
  ['Windows', 'win32'],
] as const)('%s', (name, platform) => {
  let folder = '';
  const ssebench = (...args: string[]) =>
    runOnOtherSystem(platform, folder, process.execPath, [cli, ...args]);
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ssebench-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('run measures a URL, and one sentence at the start says what is missing', async () => {
    const words = [url, ...small, '--slow-readers', '2', '--out', 'one'];
    const { code, stdout, stderr } = await ssebench('run', ...words);
    const note = '– for slow readers evicted and evicted after: need Linux.';
    // On a busy machine the figures may be invalid.
    expect({ code, stdout, stderr }).toEqual({
      code: expect.toBeOneOf([exitCodes.success, exitCodes.invalid]),
      stdout: expect.stringContaining(`\n${note}\n`),
      stderr: expect.stringMatching(
        new RegExp(`^This is ${name}: figures that need Linux show “–”, `),
      ),
    });
    expect(stdout).toMatch(/^server .* slow readers evicted .*\n(.*\n)?http.* – /m);
    const result = runResultSchema.parse(
      JSON.parse(readFileSync(join(folder, 'one/result.json'), 'utf8')),
    );
    expect(result.environment.platform).toMatch(platform);
    expect(result.rounds).toMatchObject([
      { state: 'measured', process: null, machine: { stolenShare: null, listenOverflows: null } },
    ]);

    cpSync(join(folder, 'one'), join(folder, 'other'), { recursive: true });
    rmSync(join(folder, 'other/report.html'));
    expect(await ssebench('report', 'other')).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(folder, 'other/report.html'), 'utf8')).toContain(note);
    expect(await ssebench('compare', 'one', 'other')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Baseline: one. Candidate: other.'),
    });
  });

  test('check judges a URL', async () => {
    const { code, stdout } = await ssebench('check', url, '--json');
    expect({ code, observed: JSON.parse(stdout) }).toMatchObject({ code: 0, observed: {} });
  });

  test.each(['leaks', 'leaks express', 'leaks --url http://127.0.0.1:9/ --pid 1'])(
    '%s refuses',
    async (words) => {
      expect(await ssebench(...words.split(' '))).toEqual({
        code: exitCodes.invalid,
        stdout: '',
        stderr: expect.stringMatching(`^ssebench leaks needs Linux, [^.]* this is ${name}; .*\n$`),
      });
    },
  );

  test('a command is refused with the way that works', async () => {
    expect(await ssebench('run', '--url', url, '--', 'node', 'server.js')).toMatchObject({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('--: works only on Linux'),
    });
  });
});
