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
  async function counts(page: Page, n: number, { expect: own } = { expect }) {
    await own.poll(async () => Number(await page.textContent('#count'))).toBeGreaterThanOrEqual(n);
  }
  async function shows(page: Page, state: string, { expect: own } = { expect }) {
    await own.poll(() => page.textContent('#state')).toBe(state);
  }

  // These tests mostly wait.
  // Browsers speak HTTP/2 only over TLS.
  test.concurrent.for(Object.entries(catalog).filter(([, { http2 }]) => !http2))(
    'the page of %s shows its counter, and so does a page of another origin',
    async ([, { file }], context) => {
      const server = await startServer(file, undefined);
      const stream = encodeURIComponent(`${server.origin}/event?interval=50`);
      const [own, other] = await Promise.all([
        open(`${server.origin}/`),
        open(`${express.origin}/?url=${stream}`),
      ]);
      await counts(own.page, 1, context);
      await shows(own.page, 'receiving', context);
      await counts(other.page, 3, context);
      context.expect([...own.complaints, ...other.complaints]).toEqual([]);
      await Promise.all([own.page.close(), other.page.close()]);
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
