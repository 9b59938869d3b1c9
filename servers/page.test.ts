/** The page, in a real browser: a Chromium that comes as an npm package, for Linux on x64. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium, { inflate } from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../bench/target/server.ts';
import { catalog } from './catalog.ts';

/** Unpacks the browser, once for each version, and all or nothing: a half one would stay for good. */
async function unpackChromium(): Promise<string> {
  const packed = fileURLToPath(new URL('../', import.meta.resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const folder = fileURLToPath(new URL(`../node_modules/.cache/chromium-${version}`, import.meta.url));
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    process.env.TMPDIR = unfinished; // where the package unpacks to
    await chromium.executablePath();
    await inflate(join(packed, 'bin', 'al2023.tar.br'));
    delete process.env.TMPDIR;
    try {
      renameSync(unfinished, folder);
    } catch {
      rmSync(unfinished, { recursive: true }); // somebody else was faster
    }
  }
  return folder;
}

async function launchBrowser(): Promise<Browser> {
  const folder = await unpackChromium();
  // Without a sandbox it also runs as root, in containers and CI; it sees none but our own pages.
  const options = { executablePath: join(folder, 'chromium'), args: ['--no-sandbox', '--disable-gpu'] };
  // Libraries that a machine without a desktop may lack came along, for when its own do not suffice.
  const libraries = join(folder, 'al2023', 'lib');
  return playwright
    .launch(options)
    .catch(() => playwright.launch({ ...options, env: { ...process.env, LD_LIBRARY_PATH: libraries } }));
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('rule 4: the page counts in a browser', () => {
  let browser: Browser;
  let express: RunningServer;
  beforeAll(async () => {
    [browser, express] = await Promise.all([launchBrowser(), startServer(catalog.express!.file, undefined)]);
  });
  afterAll(() => Promise.all([browser?.close(), express?.stop()]));

  /** Opens a page, and fails on anything that it complains of. */
  async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(url);
    return { page, complaints };
  }

  const patience = { timeout: 5_000 };
  async function counts(page: Page, n: number) {
    await expect.poll(async () => Number(await page.textContent('#count')), patience).toBeGreaterThanOrEqual(n);
  }
  async function says(page: Page, state: string) {
    await expect.poll(() => page.textContent('#state'), patience).toBe(state);
  }

  test.each(Object.entries(catalog))('%s: shows its own counter', async (_name, { file }) => {
    const server = await startServer(file, undefined);
    const { page, complaints } = await open(`${server.origin}/`);
    await says(page, 'connecting');
    await counts(page, 1);
    await says(page, 'receiving');
    expect(complaints).toEqual([]);
    await page.close();
    await server.stop();
  });

  test.each(Object.entries(catalog))('%s: shows it to a page of another origin too', async (_name, { file }) => {
    const server = await startServer(file, undefined);
    const { page, complaints } = await open(
      `${express.origin}/?url=${encodeURIComponent(`${server.origin}/event?interval=50`)}`,
    );
    await counts(page, 3);
    expect(complaints).toEqual([]);
    await page.close();
    await server.stop();
  });

  test('says so when the connection is lost, and when there is nothing to connect to', async () => {
    const server = await startServer(catalog['node-http']!.file, undefined);
    const { page } = await open(`${server.origin}/`);
    await counts(page, 0);
    await server.stop();
    await says(page, 'connection lost, trying again');
    await page.goto(`${express.origin}/?url=/nothing-here`);
    await says(page, 'closed');
    await page.close();
  });
});
