/** The live page during a run, in a real browser and end to end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { exitCodes } from '../result/exit-codes.ts';
import { hasBrowser, launchBrowser, openPage } from '../tests/fixtures/helpers/browser.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { findingsOf } from '../verdict/findings.ts';
import { startLive, type LiveView } from './live.ts';

const rounds = ['express', 'koa'].map((server) => measuredRound(server, 1));
const head = runResult(['express', 'koa'], [], { status: 'partial' });
const half = { ...head, rounds: rounds.slice(0, 1) };
const whole = runResult(['express', 'koa'], rounds);

let live: LiveView | undefined;
afterEach(async () => {
  await live?.end(whole, findingsOf(whole));
  live = undefined;
});

test.runIf(hasBrowser)(
  'the live page follows a run, keeps the choices of the user, and ends as the report',
  async () => {
    const browser = await launchBrowser();
    live = await startLive(head);
    const { page, complaints } = await openPage(browser, live.url, {
      viewport: { width: 1_200, height: 900 },
    });
    const says = async (text: string) => {
      await expect.poll(() => page.textContent('#live')).toBe(text);
    };
    const bars = page.locator('[data-chart="figures"] svg[aria-label="CPU per event, µs"] rect');
    live.progress('express, round 1 of 1: ramp');
    await says('express, round 1 of 1: ramp');
    expect(await page.locator('figure').count()).toBe(0);

    live.update(half, findingsOf(half));
    await expect.poll(() => bars.count()).toBe(1);
    expect(await page.locator('main').textContent()).toContain('Partial result: 1 of 2 rounds');
    await page.locator('#servers input').first().press('Space');
    await expect.poll(() => bars.count()).toBe(0);

    await live.end(whole, findingsOf(whole));
    live = undefined;
    await says('The run has ended. This is its report.');
    await expect.poll(() => bars.count()).toBe(1); // the bar of koa; express is still hidden
    expect(await page.locator('#servers input').first().isChecked()).toBe(false);
    expect(await page.locator('main').textContent()).not.toContain('Partial');
    expect(complaints).toEqual([]);
    await browser.close();
  },
);

test('the live server listens on loopback only, and serves only the page and its events', async () => {
  live = await startLive(head);
  const statusOf = async (path: string, host?: string) => {
    const { statusCode, body } = await request(new URL(path, live!.url), {
      headers: host === undefined ? {} : { host },
    });
    await body.dump();
    return statusCode;
  };
  expect(new URL(live.url).hostname).toBe('127.0.0.1');
  expect(await statusOf('/')).toBe(200);
  expect(await statusOf('/', 'rebound.example')).toBe(403);
  expect(await statusOf('/result.json')).toBe(404);
});

test('a run with --live prints the address, sends the page after each round, and then ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  // The first page must arrive before the first round ends.
  const small =
    '--streams 20 --interval 50ms --ramp 200ms --warmup 2s --duration 500ms --rounds 2'.split(' ');
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../cli.ts', import.meta.url)),
      'run',
      'floor',
      ...small,
      '--live',
      '--out',
      'mine',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const closed = once(child, 'close');
  await expect.poll(() => /Live at (\S+) until/.exec(stderr)?.[1]).toBeDefined();
  const { headers, body } = await request(`${/Live at (\S+) until/.exec(stderr)![1]}events`);
  expect(headers['content-type']).toBe('text/event-stream');
  const events = (await body.text()).split('\n\n').map((event) => event.split('\n')[0]);
  // The initial page, two rounds, and the end.
  expect(events.filter((event) => event === 'event: page')).toHaveLength(4);
  expect(events).toContain('event: progress');
  expect(events.at(-2)).toBe('event: end');
  expect([exitCodes.success, exitCodes.invalid]).toContain((await closed)[0]);
  rmSync(folder, { recursive: true });
});
