/** The page in a real browser, with a real run. */
import { readFileSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../tests/fixtures/helpers/browser.ts';
import { leakingVerdict } from '../../tests/fixtures/helpers/leaks.ts';
import {
  comparedRun,
  desktop,
  drawn,
  referenceRun,
  usePages,
} from '../../tests/fixtures/helpers/pages.ts';
import { pageOf } from '../../tests/fixtures/helpers/reports.ts';
import { measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';

const [reference, compared] = [referenceRun(), comparedRun()];
const { open, write } = usePages();
const phone = { viewport: { width: 375, height: 800 } };
const namesIn = (page: Page) => page.locator('table').first().locator('tbody th').allTextContents();

test('a page with nine servers and three rounds has less than 1 MB, and refers to nothing outside', () => {
  const file = write(reference);
  expect(statSync(file).size).toBeLessThan(1e6);
  // The libraries contain XML namespaces, their home pages and licences. The page's own part must
  // not refer to anything.
  const own = readFileSync(file, 'utf8').split('<!--')[0]!;
  expect(own).not.toMatch(/(src|href)=|url\(|@import|https?:\/\//);
});

describe.runIf(hasBrowser)('in a browser', () => {
  test.each([
    ['desktop', desktop],
    ['phone', phone],
    ['desktop, dark', { ...desktop, colorScheme: 'dark' as const }],
  ])(
    '%s: all charts are drawn without errors, and the page is not too wide',
    async (_what, options) => {
      const { page, complaints } = await open(reference, options);
      // Five headline figures, percentiles, figures after the disconnect, and six over time.
      expect(await drawn(page).count()).toBe(13);
      for (const chart of await drawn(page).all())
        expect(await chart.locator('path, rect').count()).toBeGreaterThan(5);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
      ).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('a run with a baseline shows the verdict in words, and the ratios', async () => {
    const { page, complaints } = await open(compared, desktop);
    expect(await page.locator('.verdict').textContent()).toMatch(
      /^Compared with express, koa is worse in CPU per event \(1\.50×\); h3 is the same in delivery p99, release p99, CPU per event and memory per stream\.$/,
    );
    expect(await page.locator('[data-chart="ratios"] svg[aria-label]').count()).toBe(4);
    expect(await page.locator('[data-chart="time"] svg[aria-label]').count()).toBe(6);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a search shows every load that was tried, and a cut shows the recovery', async () => {
    const step = (load: number, holds: boolean) => ({
      load,
      holds,
      why: holds ? '' : 'too late',
      bottleneck: '',
    });
    const steps = [step(1_000, true), step(2_000, false), step(1_500, true), step(1_500, false)];
    const capacity = ['koa', 'h3'].map((server) => ({
      server,
      most: 1_000,
      tooMuch: 1_500,
      reason: null,
      steps,
    }));
    const { histograms } = measuredRound('koa', 1);
    const cut = measuredRound('koa', 1, {
      histograms: { ...histograms, recovery: histograms.delivery! },
    });
    const { page, complaints } = await open(
      runResult(['koa', 'h3'], [cut, measuredRound('h3', 1)], { capacity }),
      desktop,
    );
    const fills = (chart: string) =>
      page
        .locator(`[data-chart="tries"] svg[aria-label="${chart}"] circle`)
        .evaluateAll((dots) => dots.map((dot) => dot.getAttribute('fill') === 'var(--paper)'));
    expect(await fills('koa')).toEqual([false, true, false, true]);
    expect(await fills('h3')).toHaveLength(4);
    expect(
      await page
        .locator('[data-first="recovery"] svg[aria-label="recovery, by percentile"]')
        .count(),
    ).toBe(1);
    expect(pageOf(runResult(['koa'], [measuredRound('koa', 1)]))).not.toContain(
      'data-first="recovery"',
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an invalid round is reported above all figures', async () => {
    const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer streams.' }];
    const { page } = await open(runResult(['koa'], [measuredRound('koa', 1, { doubts })]));
    expect(await page.locator('main').textContent()).toMatch(
      /^\s*The measured round of koa is invalid: none left\. Fewer streams\.\s*koa: round 1 invalid: none left\. Fewer streams\./,
    );
    await page.close();
  });

  test('the table of leaks has the source line and what to change', async () => {
    const { page } = await open({ ...compared, leaks: [leakingVerdict('koa')] }, desktop);
    const [leak, clean] = await page.locator('#leaks tbody tr').all();
    expect(await leak!.locator('th, td').allTextContents()).toEqual([
      'koa',
      'graceful close',
      '1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms at src/events.ts:14, not released after 5.0 s',
      'src/events.ts:14',
      expect.stringContaining('Clear the timer when the response closes'),
    ]);
    expect(await clean!.locator('td').nth(1).textContent()).toBe('clean after 150 disconnects');
    await page.close();
  });

  test('a print is dark on white, without controls, and not too wide', async () => {
    const paper = { width: 718, height: 1_047 }; // A4 with margins of 1 cm, at 96 px per inch
    const { page } = await open(
      { ...reference, leaks: [leakingVerdict('koa')] },
      { ...desktop, colorScheme: 'dark' },
    );
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(paper);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(
      await page
        .locator('input, select')
        .evaluateAll((all) => all.filter((each) => each.checkVisibility()).length),
    ).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
      paper.width,
    );
    await page.close();
  });

  test('a click on a column title sorts the table, the next click reverses the order, and keys work too', async () => {
    const { page } = await open(reference, desktop);
    const title = page
      .locator('table')
      .first()
      .locator('thead button', { hasText: 'CPU per event' });
    await title.click();
    const up = await namesIn(page);
    expect(up[0]).toBe('floor');
    await title.focus();
    await page.keyboard.press('Enter');
    expect(await namesIn(page)).toEqual(up.toReversed());
    expect(
      await page.locator('table').first().locator('th[aria-sort="descending"]').textContent(),
    ).toBe('CPU per event, µs');
    await page.close();
  });

  test('mouse and keyboard hide a server in all charts, and the others keep their colours', async () => {
    const { page } = await open(reference, desktop);
    const bars = () =>
      page
        .locator('[data-chart="figures"] svg[aria-label="CPU per event, µs"] rect')
        .evaluateAll((all) => all.map((bar) => bar.getAttribute('fill')));
    const before = await bars();
    expect(new Set(before).size).toBeGreaterThan(7);
    await page.locator('#servers label', { hasText: 'koa' }).click();
    const koa = reference.servers.indexOf('koa');
    expect(await bars()).toEqual(before.toSpliced(koa, 1));
    await page.locator('#servers input').nth(koa).focus();
    await page.keyboard.press('Space');
    expect(await bars()).toEqual(before);
    await page.close();
  });

  test('the user can select another distribution, with its definition', async () => {
    const { page } = await open(reference, desktop);
    await page.locator('select').first().selectOption({ label: 'schedule lag' });
    expect(
      await page
        .locator('[data-chart="curves"] svg[aria-label]')
        .first()
        .getAttribute('aria-label'),
    ).toBe('schedule lag, by percentile');
    expect(await page.locator('[data-chart="curves"] .fine').first().textContent()).toContain(
      'by the schedule of its own stream',
    );
    await page.close();
  });

  test('the pointer shows the figure at its place', async () => {
    const { page } = await open(reference, desktop);
    const chart = page.locator('[data-chart="curves"] svg[aria-label]').first();
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 3);
    await expect
      .poll(() => chart.locator('[aria-label="tip"]').textContent())
      .toMatch(/9\d(\.\d+)? % at most: [\d.,]+ ms/);
    await page.close();
  });

  test('the tab key moves from top to bottom', async () => {
    const { page } = await open(reference, desktop);
    const tops: number[] = [];
    for (let n = 0; n < 25; n++) {
      await page.keyboard.press('Tab');
      tops.push(
        (await page.evaluate(
          'document.activeElement.getBoundingClientRect().top + window.scrollY',
        )) as number,
      );
    }
    // The titles in one row of a table start at different heights.
    const lineHeight = 40;
    for (const [n, top] of tops.entries())
      expect(top).toBeGreaterThan((tops[n - 1] ?? 0) - lineHeight);
    expect(tops.at(-1)).toBeGreaterThan(1_500);
    await page.close();
  });
});
