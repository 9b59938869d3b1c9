/**
 * Takes the screenshot of the page for the README, from the reference result: `npm run picture`.
 * Linux on x64.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasBrowser, launchBrowser, openPage } from '../bench/tests/fixtures/helpers/browser.ts';
import { pageReport } from '../bench/report/page/page.ts';
import { readResult } from '../bench/report/read-result.ts';
import { valueOf } from '../bench/scenario/complaint.ts';
import { findingsOf } from '../bench/verdict/findings.ts';

const folder = fileURLToPath(new URL('../results/reference/', import.meta.url));
const size = { width: 1_100, height: 1_080 };

const result = valueOf(readResult(folder), 'results/reference');
if (hasBrowser) {
  const scratch = mkdtempSync(join(tmpdir(), 'ssebench-'));
  const file = join(scratch, 'report.html');
  writeFileSync(file, pageReport(result, findingsOf(result)));
  const browser = await launchBrowser();
  const { page } = await openPage(browser, pathToFileURL(file).href, { viewport: size });
  await page.screenshot({ path: join(folder, 'report.png') });
  await browser.close();
  rmSync(scratch, { recursive: true });
} else console.log('The picture can be taken only on Linux x64, so the old one is unchanged.');
