/**
 * Updates the generated parts of the docs: `npm run docs`. With `--check` it only reports
 * whether they are up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endpointFindingsSection } from '../bench/endpoint/docs-section.ts';
import { calibrationProofSchema, calibrationSection } from '../bench/proofs/calibration.ts';
import { controlsProofSchema, controlsSection } from '../bench/proofs/controls.ts';
import { doubtsProofSchema, doubtsSection } from '../bench/proofs/doubts.ts';
import {
  inspectionCostProofSchema,
  inspectionCostSection,
} from '../bench/proofs/inspection-cost.ts';
import { holdProofSchema, holdSection } from '../bench/proofs/hold.ts';
import { generatorCostProofSchema } from '../bench/proofs/generator-cost.ts';
import { generatorCostSection } from '../bench/proofs/generator-cost-section.ts';
import { soakProofSchema, soakSection } from '../bench/proofs/soak.ts';
import { splitsProofSchema, splitsSection } from '../bench/proofs/splits.ts';
import { liveCostProofSchema, liveCostSection } from '../bench/proofs/live-cost.ts';
import { tickingProofSchema, tickingSection } from '../bench/proofs/ticking.ts';
import { microResultSchema } from '../bench/micro/result.ts';
import { microSection } from '../bench/micro/table.ts';
import {
  comparisonSection,
  configSection,
  ownServersSection,
  exitCodesSection,
  formatsSection,
  limitsSection,
  metricsSection,
  scenariosSection,
  withSection,
} from '../bench/report/markdown/readme.ts';
import { markdownReport } from '../bench/report/markdown/markdown.ts';
import { runResultSchema } from '../bench/result/run-result.ts';
import { configJsonSchema } from '../bench/commands/config-schema.ts';
import { apisSection } from './apis-section.ts';
import { cliSection } from './cli-section.ts';
import { configSectionsSection } from './config-sections.ts';
import { mockApisSection, mockOptionsSection } from './mock-options.ts';
import { optionTypes } from './option-types.ts';
import { termsSection } from '../bench/tests/structure/style/section.ts';
import { findingsOf } from '../bench/verdict/findings.ts';

const file = (path: string) => new URL(`../${path}`, import.meta.url);
const program = fileURLToPath(file('bench/cli.ts'));
const saved = (path: string): unknown => JSON.parse(readFileSync(file(`results/${path}`), 'utf8'));
const reference = runResultSchema.parse(saved('reference/result.json'));
const sections = [
  {
    path: 'README.md',
    section: 'comparison',
    text: comparisonSection(reference, findingsOf(reference)),
  },
  { path: 'CONTRIBUTING.md', section: 'terms', text: termsSection() },
  { path: 'docs/reference/exit-codes.md', section: 'exit-codes', text: exitCodesSection() },
  {
    path: 'docs/evidence.md',
    section: 'calibration',
    text: calibrationSection(
      'express',
      calibrationProofSchema.parse(saved('proofs/calibration.json')),
    ),
  },
  { path: 'docs/evidence.md', section: 'calibration-urls', text: urlCalibration() },
  { path: 'docs/answers.md', section: 'apis', text: apisSection() },
  { path: 'docs/scenarios.md', section: 'scenarios', text: scenariosSection() },
  { path: 'docs/check.md', section: 'endpoint-findings', text: endpointFindingsSection() },
  { path: 'servers/README.md', section: 'mock-apis', text: mockApisSection() },
  { path: 'servers/README.md', section: 'mock-options', text: mockOptionsSection() },
  { path: 'docs/reference/cli.md', section: 'cli', text: cliSection(program) },
  { path: 'docs/reference/config.md', section: 'config', text: configSection() },
  { path: 'docs/reference/config.md', section: 'own-servers', text: ownServersSection() },
  { path: 'docs/reference/config.md', section: 'sections', text: configSectionsSection() },
  { path: 'docs/reference/metrics.md', section: 'metrics', text: metricsSection() },
  { path: 'docs/reference/validity.md', section: 'limits', text: limitsSection() },
  { path: 'docs/reference/result-format.md', section: 'formats', text: formatsSection() },
  {
    path: 'docs/evidence.md',
    section: 'doubts',
    text: doubtsSection(doubtsProofSchema.parse(saved('proofs/doubts.json'))),
  },
  {
    path: 'docs/evidence.md',
    section: 'inspection-cost',
    text: inspectionCostSection(
      inspectionCostProofSchema.parse(saved('proofs/inspection-cost.json')),
    ),
  },
  {
    path: 'docs/scenarios.md',
    section: 'ticking',
    text: tickingSection(tickingProofSchema.parse(saved('proofs/ticking.json'))),
  },
  {
    path: 'docs/evidence.md',
    section: 'live-cost',
    text: liveCostSection(liveCostProofSchema.parse(saved('proofs/live-cost.json'))),
  },
  {
    path: 'docs/evidence.md',
    section: 'micro',
    text: microSection(microResultSchema.parse(saved('proofs/micro.json'))),
  },
  {
    path: 'docs/evidence.md',
    section: 'controls',
    text: controlsSection(controlsProofSchema.parse(saved('proofs/controls.json'))),
  },
  {
    path: 'docs/evidence.md',
    section: 'soak',
    text: soakSection(soakProofSchema.parse(saved('proofs/soak.json'))),
  },
  { path: 'docs/evidence.md', section: 'hold', text: holdOfManyStreams() },
  { path: 'docs/evidence.md', section: 'generator-cost', text: generatorCost() },
  {
    path: 'docs/evidence.md',
    section: 'splits',
    text: splitsSection(splitsProofSchema.parse(saved('proofs/splits.json'))),
  },
];

/** This proof may not exist yet, because it needs an idle machine. */
function holdOfManyStreams(): string {
  const path = 'proofs/hold.json';
  return existsSync(file(`results/${path}`))
    ? holdSection(holdProofSchema.parse(saved(path)))
    : 'This has not been measured yet. Run `npm run hold` on an idle machine.';
}

/** This proof may not exist yet, because it needs an idle machine. */
function urlCalibration(): string {
  const path = 'proofs/calibration-urls.json';
  return existsSync(file(`results/${path}`))
    ? calibrationSection('a URL', calibrationProofSchema.parse(saved(path)))
    : 'This calibration has not been measured yet. Run `npm run calibrate -- --urls` on an idle machine.';
}

/** This proof may not exist yet, because it needs an idle machine. */
function generatorCost(): string {
  const path = 'proofs/generator-cost.json';
  return existsSync(file(`results/${path}`))
    ? generatorCostSection(generatorCostProofSchema.parse(saved(path)))
    : 'This cost has not been measured yet. Run `npm run generator-cost` on an idle machine.';
}

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
bringUpToDate('results/reference/report.md', () =>
  markdownReport(reference, findingsOf(reference)),
);
bringUpToDate('bench/config.schema.json', () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
bringUpToDate('bench/api/option-types.ts', () => optionTypes(configJsonSchema()));
