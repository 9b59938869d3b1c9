/**
 * Times the parts: framing an event, parsing, timers, recording: `npm run bench:micro`. Each of six
 * rounds runs in a new process. With the folder of an earlier result,
 * `npm run bench:micro -- results/before`, each part is compared with that result. With `--keep`
 * the result is saved for the docs.
 */
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { environment } from '../bench/run/environment.ts';
import { launch, moveToCores } from '../bench/system/launch.ts';
import { cases } from '../bench/micro/cases.ts';
import type { MicroRound } from '../bench/micro/process.ts';
import { microResultSchema, microSchemaVersion, type MicroResult } from '../bench/micro/result.ts';
import { microTable } from '../bench/micro/table.ts';
import { saveText } from '../bench/report/save-text.ts';
import { placement } from '../bench/system/cores.ts';
import { machineLimits } from '../bench/system/machine-limits.ts';

const rounds = 6;
const root = fileURLToPath(new URL('../', import.meta.url));
const {
  positionals: [beforeFolder],
  values: { keep },
} = parseArgs({ options: { keep: { type: 'boolean', default: false } }, allowPositionals: true });

function readBefore(folder: string): MicroResult {
  const problem = (what: string) =>
    `${folder}: ${what}; name the folder of a result of npm run bench:micro`;
  try {
    const saved = JSON.parse(readFileSync(join(folder, 'micro.json'), 'utf8'));
    const { data } = microResultSchema.safeParse(saved);
    if (data) return data;
    throw new Error(
      problem(
        `has schema version ${saved?.schemaVersion ?? 'unknown'}, and this ssebench reads version ${microSchemaVersion}`,
      ),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    console.error(
      code === undefined && !(error instanceof SyntaxError)
        ? message
        : problem(code === 'ENOENT' ? 'has no micro.json' : 'its micro.json cannot be read'),
    );
    process.exit(2);
  }
}

const before = beforeFolder === undefined ? undefined : readBefore(beforeFolder);
const cores = placement();
// Read the environment before the move to fewer cores, so that it names all cores of the machine.
const machine = environment(['hono', 'h3', 'better-sse'], machineLimits(), cores);
if (cores) moveToCores(cores.server);
const startedAt = new Date().toISOString();
const found: MicroRound[] = [];
for (let round = 1; round <= rounds; round++) {
  console.error(`Round ${round} of ${rounds}`);
  const command = [process.execPath, join(root, 'bench/micro/process.ts'), String(round)] as const;
  const child = launch(command, {
    cores: undefined,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the process of a round ended unexpectedly: exit code ${code}`)),
  );
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  found.push(answer as MicroRound);
  await ended.catch(() => {});
}
const result: MicroResult = {
  schemaVersion: microSchemaVersion,
  startedAt,
  command: `npm run bench:micro${keep ? ' -- --keep' : beforeFolder === undefined ? '' : ` -- ${beforeFolder}`}`,
  environment: machine,
  rows: cases(1).map(({ group, name, unit, amount, bytes }) => ({
    group,
    name,
    unit,
    bytesPerUnit: bytes / amount,
    nsPerUnit: found.map((round) => round[`${group}, ${name}`]!),
  })),
};
const folder = join(
  root,
  'results',
  `${startedAt.slice(0, 10)}-${startedAt.slice(11, 19).replaceAll(':', '')}-micro`,
);
mkdirSync(folder, { recursive: true });
const text = `${JSON.stringify(result, null, 1)}\n`;
saveText(join(folder, 'micro.json'), text);
if (keep) saveText(join(root, 'results/proofs/micro.json'), text);
console.log(`${microTable(result)}${before ? `\n\n${microTable(result, before)}` : ''}`);
console.error(`\nMedian of ${rounds} rounds. Full result: ${relative('.', folder)}/micro.json`);
