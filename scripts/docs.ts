/** Brings the generated parts of the READMEs up to date: `npm run docs`. With `--check` it only says whether they are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { comparisonSection, metricsSection, withSection } from '../bench/report/readme.ts';
import { runResultSchema } from '../bench/result.ts';

const file = (path: string) => new URL(`../${path}`, import.meta.url);
const reference = runResultSchema.parse(JSON.parse(readFileSync(file('results/reference/result.json'), 'utf8')));
const sections = [
  { path: 'README.md', section: 'comparison', text: comparisonSection(reference) },
  { path: 'bench/README.md', section: 'metrics', text: metricsSection() },
];

for (const { path, section, text } of sections) {
  const page = readFileSync(file(path), 'utf8');
  const current = withSection(page, section, text);
  if (page === current) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file(path), current);
    console.log(`${path} brought up to date`);
  }
}
