/** The page in a real browser: with a real run, and with results in which every text is an attack. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leakingVerdict } from '../../tests/fixtures/helpers/leaks.ts';
import { hasBrowser, launchBrowser, openPage } from '../../tests/fixtures/helpers/browser.ts';
import {
  hostileTexts,
  leaksResultOf,
  poisoner,
  wholeResult,
} from '../../tests/fixtures/helpers/hostile-result.ts';
import { failedRound, measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import { runResultSchema, type RunResult } from '../../result/run-result.ts';
import { valueOf } from '../../scenario/complaint.ts';
import { readResult } from '../read-result.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { withoutControls } from '../shared/escape.ts';
import { junitReport } from '../ci/junit-and-annotations.ts';
import { pageOf } from '../../tests/fixtures/helpers/reports.ts';

/** A committed run of all reference servers, with three rounds of each. */
const reference = valueOf(
  readResult(fileURLToPath(new URL('../../../results/reference', import.meta.url))),
);

/** Six rounds of each server. One of them uses 1.5 times the CPU time of the others. */
const compared = runResult(
  ['express', 'koa', 'h3'],
  ['express', 'koa', 'h3'].flatMap((server) =>
    Array.from({ length: 6 }, (_, n) => {
      const round = measuredRound(server, n + 1);
      return {
        ...round,
        process: { ...round.process!, cpuNs: (server === 'koa' ? 750e6 : 500e6) * (1 + n / 1_000) },
      };
    }),
  ),
  { against: 'express' },
);

let folder = '';
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  if (hasBrowser) browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

let pages = 0;
function write(result: RunResult): string {
  const file = join(folder, `${++pages}.html`);
  writeFileSync(file, pageOf(result));
  return file;
}
const open = (result: RunResult, options: Parameters<typeof openPage>[2] = {}) =>
  openPage(browser, pathToFileURL(write(result)).href, options);

const desktop = { viewport: { width: 1_280, height: 900 } };
const phone = { viewport: { width: 375, height: 800 } };
const drawn = (page: Page) => page.locator('figure[data-chart] svg[aria-label]');
const namesIn = (page: Page) => page.locator('table').first().locator('tbody th').allTextContents();

test('a page with nine servers and three rounds has less than 1 MB, and refers to nothing outside', () => {
  const file = write(reference);
  expect(statSync(file).size).toBeLessThan(1e6);
  // The libraries contain XML namespaces, their home pages and licences. The page's own part must
  // not refer to anything.
  const own = readFileSync(file, 'utf8').split('<!--')[0]!;
  expect(own).not.toMatch(/(src|href)=|url\(|@import|https?:\/\//);
});

describe.runIf(hasBrowser)('in a browser', { timeout: 60_000 }, () => {
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
      expect.stringContaining('Release it when the response closes'),
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

  /** A copy in which every text of the result is replaced by an attack. */
  function attacked(value: unknown, path: string[] = []): unknown {
    const attack = (what: string) =>
      `</script><script>ran(${JSON.stringify(what)})</script>"'><img src=x onerror=ran(1)><!--\u202e${'${'}ran(2)}`;
    if (Array.isArray(value)) return value.map((each) => attacked(each, path));
    if (typeof value === 'object' && value !== null) {
      const keyed = ['failures', 'unexpectedEvents', 'packages', 'headers'].includes(
        path.at(-1) ?? '',
      );
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [
          keyed ? attack(key) : key,
          attacked(each, [...path, key]),
        ]),
      );
    }
    const kept =
      [
        'state',
        'status',
        'startedAt',
        'expect',
        'disconnect',
        'ticker',
        'inspection',
        'kind',
        'mode',
      ].includes(path.at(-1)!) || path.includes('histograms');
    // Results refer to servers by name, so the names must stay different.
    return typeof value === 'string' && !kept ? attack(value) : value;
  }

  test.each([
    ['with the policy of the page', false],
    ['without the policy of the page', true],
  ])('hostile texts in every field run nothing, %s', async (_what, bypassCSP) => {
    const cause = { count: 3, example: 'an example' };
    const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer streams.' }];
    const [first, ...others] = compared.rounds;
    const whole: RunResult = {
      ...compared,
      servers: [...compared.servers, 'gone'],
      expect: ['missing = 0'],
      status: 'partial',
      leaks: [leakingVerdict('koa')],
      rounds: [
        {
          ...first!,
          failures: { 'connection reset': cause },
          unexpectedEvents: { 'not UTF-8': cause },
        } as RunResult['rounds'][number],
        ...others,
        measuredRound('koa', 7, { doubts }),
        failedRound('gone', 1),
      ],
    };
    const result = runResultSchema.parse(attacked(whole));
    const page = await browser.newPage({ bypassCSP });
    const ran: unknown[] = [];
    const complaints: string[] = [];
    await page.exposeFunction('ran', (what: unknown) => void ran.push(what));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(pathToFileURL(write(result)).href);
    for (const details of await page.locator('summary').all()) await details.click();
    for (const box of await page.locator('#servers input').all()) await box.press('Space');
    for (const box of await page.locator('#servers input').all()) await box.press('Space');
    const chart = (await drawn(page).last().boundingBox())!;
    await page.mouse.move(chart.x + chart.width / 2, chart.y + chart.height / 2);
    expect(await page.locator('body').textContent()).toContain(
      '</script><script>ran("koa")</script>',
    );
    expect(await page.locator('img').count()).toBe(0);
    expect({ ran, complaints }).toEqual({ ran: [], complaints: [] });
    await page.close();
  });

  /**
   * The same text without the characters that mean something to HTML. Its length and its separators
   * stay, so that the page breaks it at the same places.
   */
  const withoutMarkup = (text: string) => text.replaceAll(/[<>"';]|(?<=&)\S/g, 'x');

  describe('all hostile texts together', () => {
    const poisoned = poisoner(wholeResult(leastRounds));
    const all = hostileTexts.join(' ');

    test('add no element to the page and remove none', async () => {
      const check = async (text: string) => {
        const { page, complaints } = await open(poisoned(text), desktop);
        for (const details of await page.locator('summary').all()) await details.click();
        const elements = (await page.evaluate(
          `[...document.querySelectorAll('body *:not(svg *)')].map(({ tagName, attributes }) => [tagName, ...[...attributes].map(({ name }) => name)].join(' '))`,
        )) as string[];
        const shown = (await page.evaluate(
          `document.body.innerText + [...document.querySelectorAll('[title], [aria-label]')].map((each) => each.title + each.ariaLabel).join(' ')`,
        )) as string;
        await page.close();
        return { elements, shown, complaints };
      };
      const [usual, hostile] = [await check(withoutMarkup(all)), await check(all)];
      expect(hostile.elements).toEqual(usual.elements);
      expect(hostile.complaints).toEqual([]);
      expect(hostile.shown).toContain('</script><script>ran("injected")</script>');
      expect(hostile.shown).not.toMatch(
        /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u,
      );
    });

    test('keep the JUnit XML well-formed and appear in it unchanged', async () => {
      const page = await browser.newPage();
      const read = (text: string) =>
        page.evaluate(`(() => {
        const page = new DOMParser().parseFromString(${JSON.stringify(junitReport(leaksResultOf(poisoned(text))))}, 'text/xml');
        const all = [...page.querySelectorAll('*')];
        return { elements: all.map(({ tagName, attributes }) => [tagName, ...[...attributes].map(({ name }) => name)].join(' ')), messages: all.map((each) => each.getAttribute('message') ?? '') };
      })()`) as Promise<{ elements: string[]; messages: string[] }>;
      const usual = await read('');
      for (const text of [...hostileTexts, all]) {
        const { elements, messages } = await read(text);
        expect(elements).toEqual(usual.elements);
        expect(messages.join('\n')).toContain(
          withoutControls(text.replaceAll('\n', ' ')).trim().split(' ')[0]!,
        );
      }
      await page.close();
    });
  });
});
