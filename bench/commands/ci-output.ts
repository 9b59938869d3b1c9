/**
 * Writes a result for CI systems: the files of `--junit` and `--markdown`, and on GitHub Actions also
 * annotations and the summary of the job.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { githubAnnotations } from '../report/ci/annotations.ts';
import { withPathsFrom } from '../report/ci/ci-report.ts';
import { junitReport } from '../report/ci/junit.ts';
import type { CiTexts } from '../report/ci/texts.ts';
import { saveNamed, whyNot } from '../report/save-text.ts';
import {
  accepted,
  refused,
  complaintsOf,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { readOutputFile } from './output-file.ts';
import type { Terminal } from './terminal.ts';

export interface CiWords {
  junit: Mentions;
  markdown: Mentions;
}

/** The files to write. */
export interface CiFiles {
  junit: string | undefined;
  markdown: string | undefined;
}

/**
 * @param example the name of a file without extension, for complaints
 * @param plan whether nothing may change on disk
 */
export function readCiFiles(words: CiWords, example: string, plan = false): Checked<CiFiles> {
  const junit = readOutputFile('--junit', words.junit, `${example}.xml`, plan);
  const markdown = readOutputFile('--markdown', words.markdown, `${example}.md`, plan);
  return junit.ok && markdown.ok
    ? accepted({ junit: junit.value, markdown: markdown.value })
    : refused(...complaintsOf(junit, markdown));
}

/** How the command printed its result. */
export interface Printed {
  /** Whether as JSON, among which annotations would be no valid JSON. */
  json: boolean;
  /** The word for it in messages: `verdicts`. */
  what: string;
}

/** @returns whether every file could be written that the user asked for */
export function writeForCi(
  files: CiFiles,
  { report: found, markdown }: CiTexts,
  { json, what }: Printed,
  terminal: Terminal,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  const root = env['GITHUB_WORKSPACE'] ?? env['CI_PROJECT_DIR'];
  const report = root === undefined ? found : withPathsFrom(root, process.cwd(), found);
  const summary = () => markdown(docsAddress());
  if (env['GITHUB_ACTIONS'] === 'true') {
    if (!json) for (const line of githubAnnotations(report)) terminal.print(line);
    addToJobSummary(env['GITHUB_STEP_SUMMARY'], summary, terminal);
  }
  const wanted = [
    { flag: '--junit', file: files.junit, text: () => junitReport(report) },
    { flag: '--markdown', file: files.markdown, text: summary },
  ];
  const unwritten = wanted.flatMap(({ flag, file, text }) => {
    const reason = file === undefined ? undefined : whyNot(() => saveNamed(file, text()));
    return reason === undefined
      ? []
      : [`${flag} ${visible(file!)}: could not be written (${reason})`];
  });
  for (const words of unwritten) terminal.essential(`${words}. The printed ${what} are complete.`);
  return unwritten.length === 0;
}

/** Other commands of the same step add to the same file. */
function addToJobSummary(
  file: string | undefined,
  summary: () => string,
  terminal: Terminal,
): void {
  if (file === undefined || file === '') return;
  const reason = whyNot(() => appendFileSync(file, `${summary()}\n`));
  if (reason !== undefined)
    terminal.essential(
      `The summary of the job could not be written (${reason}); write it to a file with --markdown instead.`,
    );
}

/** The address of the folder that contains `docs/`, if the package knows its repository. */
function docsAddress(): string | undefined {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { repository?: { url?: string } };
  const [, address] = /^git\+(https:.*)\.git$/.exec(manifest.repository?.url ?? '') ?? [];
  return address === undefined ? undefined : `${address}/blob/HEAD`;
}
