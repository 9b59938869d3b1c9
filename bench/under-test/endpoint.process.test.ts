/** The Unix socket that a killed server leaves behind. */
import { existsSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endpointOf } from './endpoint.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  path = join(folder, 'left.sock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A server whose end leaves a socket at `path`, since it removes only its own name. */
async function listening() {
  const own = join(folder, 'own.sock');
  const server = createServer().listen(own);
  await once(server, 'listening');
  linkSync(own, path);
  return () => new Promise((resolve) => server.close(resolve));
}
const endpoint = () => endpointOf('http://localhost/', path);

test('is removed once nobody listens', async () => {
  const end = await listening();
  const here = endpoint();
  expect(await here.isOpen()).toBe(true);
  await here.clear();
  expect(existsSync(path)).toBe(true);
  await end();
  await here.clear();
  expect(existsSync(path)).toBe(false);
});

test('stays if it was there before the server', async () => {
  const end = await listening();
  await end();
  const here = endpoint();
  expect(await here.isOpen()).toBe(false);
  await here.clear();
  expect(existsSync(path)).toBe(true);
});
