/** The page in a real browser: a Chromium from an npm package, for Linux on x64. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, openPage } from '../bench/tests/fixtures/helpers/browser.ts';
import { startServer, type RunningServer } from '../bench/under-test/server.ts';
import { catalog } from './catalog.ts';

describe.runIf(hasBrowser)('rule 4: the page in a browser', () => {
  let browser: Browser;
  let express: RunningServer;
  beforeAll(async () => {
    [browser, express] = await Promise.all([
      launchBrowser(),
      startServer(catalog.express!.file, undefined),
    ]);
  });
  afterAll(() => Promise.all([browser?.close(), express?.stop()]));

  const open = (url: string) => openPage(browser, url);
  async function counts(page: Page, n: number) {
    await expect
      .poll(async () => Number(await page.textContent('#count')))
      .toBeGreaterThanOrEqual(n);
  }
  async function shows(page: Page, state: string) {
    await expect.poll(() => page.textContent('#state')).toBe(state);
  }

  test.each(Object.entries(catalog))(
    'the page of %s shows its counter',
    async (_name, { file }) => {
      const server = await startServer(file, undefined);
      const { page, complaints } = await open(`${server.origin}/`);
      await shows(page, 'connecting');
      await counts(page, 1);
      await shows(page, 'receiving');
      expect(complaints).toEqual([]);
      await page.close();
      await server.stop();
    },
  );

  test.each(Object.entries(catalog))(
    'a page of another origin shows the counter of %s',
    async (_name, { file }) => {
      const server = await startServer(file, undefined);
      const { page, complaints } = await open(
        `${express.origin}/?url=${encodeURIComponent(`${server.origin}/event?interval=50`)}`,
      );
      await counts(page, 3);
      expect(complaints).toEqual([]);
      await page.close();
      await server.stop();
    },
  );

  test('the page shows a lost connection and a wrong address', async () => {
    const server = await startServer(catalog['node-http']!.file, undefined);
    const { page } = await open(`${server.origin}/`);
    await counts(page, 0);
    await server.stop();
    await shows(page, 'connection lost, reconnecting');
    await page.goto(`${express.origin}/?url=/nothing-here`);
    await shows(page, 'closed');
    await page.close();
  });
});
