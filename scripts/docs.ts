/**
 * Updates the generated parts of the READMEs: `npm run docs`. With `--check` it only reports
 * whether they are up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { calibrationProofSchema, calibrationSection } from '../bench/proofs/calibration.ts';
import { controlsProofSchema, controlsSection } from '../bench/proofs/controls.ts';
import { doubtsProofSchema, doubtsSection } from '../bench/proofs/doubts.ts';
import {
  inspectionCostProofSchema,
  inspectionCostSection,
} from '../bench/proofs/inspection-cost.ts';
import { soakProofSchema, soakSection } from '../bench/proofs/soak.ts';
import { liveCostProofSchema, liveCostSection } from '../bench/proofs/live-cost.ts';
import { tickingProofSchema, tickingSection } from '../bench/proofs/ticking.ts';
import { microResultSchema } from '../bench/micro/result.ts';
import { microSection } from '../bench/micro/table.ts';
import {
  comparisonSection,
  exitCodesSection,
  formatsSection,
  limitsSection,
  metricsSection,
  scenariosSection,
  withSection,
} from '../bench/report/markdown/readme.ts';
import { runResultSchema } from '../bench/result/run-result.ts';
import { configJsonSchema } from '../bench/scenario/config.ts';
import { findingsOf } from '../bench/verdict/findings.ts';

const file = (path: string) => new URL(`../${path}`, import.meta.url);
const saved = (path: string): unknown => JSON.parse(readFileSync(file(`results/${path}`), 'utf8'));
const reference = runResultSchema.parse(saved('reference/result.json'));
const sections = [
  {
    path: 'README.md',
    section: 'comparison',
    text: comparisonSection(reference, findingsOf(reference)),
  },
  { path: 'README.md', section: 'exit-codes', text: exitCodesSection() },
  {
    path: 'bench/README.md',
    section: 'calibration',
    text: calibrationSection(calibrationProofSchema.parse(saved('proofs/calibration.json'))),
  },
  { path: 'bench/README.md', section: 'scenarios', text: scenariosSection() },
  { path: 'bench/README.md', section: 'metrics', text: metricsSection() },
  { path: 'bench/README.md', section: 'limits', text: limitsSection() },
  { path: 'bench/README.md', section: 'formats', text: formatsSection() },
  {
    path: 'bench/README.md',
    section: 'doubts',
    text: doubtsSection(doubtsProofSchema.parse(saved('proofs/doubts.json'))),
  },
  {
    path: 'bench/README.md',
    section: 'inspection-cost',
    text: inspectionCostSection(
      inspectionCostProofSchema.parse(saved('proofs/inspection-cost.json')),
    ),
  },
  {
    path: 'bench/README.md',
    section: 'ticking',
    text: tickingSection(tickingProofSchema.parse(saved('proofs/ticking.json'))),
  },
  {
    path: 'bench/README.md',
    section: 'live-cost',
    text: liveCostSection(liveCostProofSchema.parse(saved('proofs/live-cost.json'))),
  },
  {
    path: 'bench/README.md',
    section: 'micro',
    text: microSection(microResultSchema.parse(saved('proofs/micro.json'))),
  },
  {
    path: 'servers/faulty/README.md',
    section: 'controls',
    text: controlsSection(controlsProofSchema.parse(saved('proofs/controls.json'))),
  },
  {
    path: 'bench/README.md',
    section: 'soak',
    text: soakSection(soakProofSchema.parse(saved('proofs/soak.json'))),
  },
];

function bringUpToDate(path: string, currentOf: (page: string) => string) {
  const page = existsSync(file(path)) ? readFileSync(file(path), 'utf8') : '';
  const current = currentOf(page);
  if (page === current) return;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file(path), current);
    console.log(`${path} brought up to date`);
  }
}

for (const { path, section, text } of sections)
  bringUpToDate(path, (page) => withSection(page, section, text));
bringUpToDate('bench/config.schema.json', () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
