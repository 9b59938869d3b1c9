/** The layout of the page in a real browser, with nine servers, and with twelve long URLs. */
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../tests/fixtures/helpers/browser.ts';
import { desktop, referenceRun, usePages } from '../../tests/fixtures/helpers/pages.ts';
import { measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import { palettes } from './colors.ts';

const nine = referenceRun();
const urls = Array.from(
  { length: 12 },
  (_, n) =>
    `https://eu-west-${n % 4}.streaming.staging.internal-platform.example.com:8443/api/v2/tenants/acme-corporation/notifications/stream?channel=orders&replay=false&shard=${n}`,
);
const twelve = runResult(
  urls,
  urls.map((url) => measuredRound(url, 1)),
);

const pages = usePages();
const open = async (...[result, options]: Parameters<typeof pages.open>) =>
  (await pages.open(result, { ...desktop, ...options })).page;

const boxes = (locator: Locator) =>
  locator.evaluateAll((all) =>
    all.map((each) => {
      const { x, y, width } = each.getBoundingClientRect();
      return { x, y, width };
    }),
  );

describe.runIf(hasBrowser)('in a browser', () => {
  test.each([320, 360, 800, 1_280])('long URLs fit in a width of %i px', async (width) => {
    const page = await open(twelve, { viewport: { width, height: 900 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const texts = await boxes(page.locator('#servers label, .chart svg text'));
    expect(texts.length).toBeGreaterThan(100);
    for (const { x, width: own } of texts) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + own).toBeLessThanOrEqual(width);
    }
    const region = page.locator('.scroll').first();
    const [name] = await boxes(region.locator('tbody th').first());
    const [whole] = await boxes(region);
    expect(name!.width).toBeLessThanOrEqual(whole!.width / 2);
    // On a phone the table scrolls beside its first column.
    const excess = await region.evaluate((own) => own.scrollWidth - own.clientWidth);
    expect(excess > 0).toBe(width < 800);
    await page.close();
  });

  test('a URL in a table continues on the next line only after a separator', async () => {
    const page = await open(twelve, { viewport: { width: 800, height: 900 } });
    const lines = await page
      .locator('.scroll')
      .first()
      .locator('tbody th')
      .first()
      .evaluate((cell) =>
        [...cell.childNodes]
          .filter(({ nodeName }) => nodeName === '#text')
          .map((piece) => {
            const range = cell.ownerDocument.createRange();
            range.selectNodeContents(piece);
            return range.getClientRects().length;
          }),
      );
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines)).toEqual(new Set([1]));
    await page.close();
  });

  test.each(['light', 'dark'] as const)('the %s theme has its own nine colours', async (theme) => {
    const page = await open(nine, { colorScheme: theme });
    const lines = page.locator('[data-first="delivery"] g[class^="server-"] path');
    const shown = await lines.evaluateAll((all) =>
      all.map((line) => line.ownerDocument.defaultView!.getComputedStyle(line).stroke),
    );
    const rgb = (hex: string) =>
      `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
    expect(new Set(shown)).toEqual(new Set(palettes[theme].map(rgb)));
    await page.close();
  });

  test('each server has its own chart over time, and its name once in each panel', async () => {
    const page = await open(nine);
    const panels = page.locator('[data-chart="time"] svg[aria-label]');
    expect(await panels.count()).toBe(6);
    for (const panel of await panels.all()) {
      const names = panel.locator('text').filter({ hasText: /^[a-z][a-z0-9-]+$/ });
      const servers = await names.evaluateAll((all) => all.map(({ textContent }) => textContent));
      expect(servers.filter((name) => nine.servers.includes(name))).toEqual(nine.servers);
      expect(await panel.locator('[aria-label="line"] path').count()).toBe(nine.rounds.length);
    }
    await page.close();
  });

  test('no name at the end of a line covers another', async () => {
    const page = await open(nine);
    for (const first of ['delivery', 'release']) {
      const names = page.locator(`[data-first="${first}"] [class^="server-"] text`);
      const tops = (await boxes(names)).map(({ y }) => y).toSorted((a, b) => a - b);
      expect(tops).toHaveLength(9);
      const gaps = tops.slice(1).map((top, n) => top - tops[n]!);
      expect(Math.min(...gaps)).toBeGreaterThan(12);
    }
    await page.close();
  });

  test('the lines of all other servers fade under the pointer on a name or a line', async () => {
    const page = await open(twelve);
    const shown = page.locator('.chart [class^="server-"]:not(.faded)');
    const all = await shown.count();
    expect(all).toBeGreaterThan(2 * 12);
    const own = await page.locator('.chart .server-3').count();
    await page.locator('#servers label').nth(3).hover();
    await expect.poll(() => shown.count()).toBe(own);
    await page.mouse.move(0, 0);
    await expect.poll(() => shown.count()).toBe(all);
    const chart = page.locator('[data-first="delivery"] svg[aria-label]');
    await chart.hover();
    await expect.poll(() => shown.count()).toBe(own);
    await page.close();
  });
});
