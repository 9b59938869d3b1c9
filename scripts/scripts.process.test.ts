import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

test('the generated parts of the docs match the results and the tables', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('scripts run on the pinned Node', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([process.version.slice(1)]));
});

describe.runIf(process.platform !== 'win32')('link-node', () => {
  let copy = '';
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'ssebench-'));
    mkdirSync(join(copy, 'scripts'));
    cpSync(join(root, 'scripts', 'link-node.js'), join(copy, 'scripts', 'link-node.js'));
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  const link = () => join(copy, 'node_modules', '.bin', 'node');
  const run = () =>
    spawnSync(process.execPath, [join(copy, 'scripts', 'link-node.js')], { encoding: 'utf8' });

  test('it links the pinned Node if npm did not', () => {
    const packaged = join(copy, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
    mkdirSync(packaged, { recursive: true });
    symlinkSync(process.execPath, join(packaged, 'node'));
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(spawnSync(link(), ['--version'], { encoding: 'utf8' }).stdout).toBe(
      `${process.version}\n`,
    );
  });

  test('it keeps an existing link', () => {
    mkdirSync(join(copy, 'node_modules', '.bin'), { recursive: true });
    symlinkSync(process.execPath, link());
    expect(run().status).toBe(0);
    expect(readlinkSync(link())).toBe(process.execPath);
  });

  test('it prints advice if this machine has no pinned Node', () => {
    mkdirSync(join(copy, 'node_modules'));
    expect(run().stderr).toContain('Node 22.19 or newer');
    expect(existsSync(link())).toBe(false);
  });
});
