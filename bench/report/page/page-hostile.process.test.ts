/** The page in a real browser, with results in which every text is an attack. */
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../tests/fixtures/helpers/browser.ts';
import {
  leaksResultOf,
  poisoner,
  wholeResult,
} from '../../tests/fixtures/helpers/hostile-result.ts';
import { hostileTexts } from '../../tests/fixtures/helpers/hostile-texts.ts';
import { leakingVerdict } from '../../tests/fixtures/helpers/leaks.ts';
import { comparedRun, desktop, drawn, usePages } from '../../tests/fixtures/helpers/pages.ts';
import { failedRound, measuredRound } from '../../tests/fixtures/helpers/result.ts';
import { runResultSchema, type RunResult } from '../../result/run-result.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { junitReport } from '../ci/junit.ts';
import { leaksCiReport } from '../ci/leak-cases.ts';
import { withoutControls } from '../shared/escape.ts';

const compared = comparedRun();
const pages = usePages();

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
      'transport',
      'inspection',
      'kind',
      'mode',
    ].includes(path.at(-1)!) || path.includes('histograms');
  // Results refer to servers by name, so the names must stay different.
  return typeof value === 'string' && !kept ? attack(value) : value;
}

describe.runIf(hasBrowser)('in a browser', () => {
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
    const page = await pages.browser().newPage({ bypassCSP });
    const ran: unknown[] = [];
    const complaints: string[] = [];
    await page.exposeFunction('ran', (what: unknown) => void ran.push(what));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(pathToFileURL(pages.write(result)).href);
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
        const { page, complaints } = await pages.open(poisoned(text), desktop);
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
      const page = await pages.browser().newPage();
      const read = (text: string) =>
        page.evaluate(`(() => {
        const page = new DOMParser().parseFromString(${JSON.stringify(junitReport(leaksCiReport(leaksResultOf(poisoned(text)))))}, 'text/xml');
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
