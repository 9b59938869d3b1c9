/** The files for CI systems that a program asks for. */
import { readCiFiles, writeForCi, type CiFiles } from '../commands/ci-output.ts';
import type { CiTexts } from '../report/ci/texts.ts';
import { complaintsOf, refused, visibleValue, type Checked } from '../scenario/complaint.ts';
import { inProgramWords } from './program-words.ts';
import { quietTerminal } from './quiet-terminal.ts';

interface CiSettings {
  junit?: string;
  markdown?: string;
}

/** A value of another type has a complaint of its own. */
export const mentioned = (value: unknown) => (typeof value === 'string' ? [value] : []);

/** @param example the name of a file without extension, for complaints */
export function readCiSettings({ junit, markdown }: CiSettings, example: string): Checked<CiFiles> {
  const wrong = Object.entries({ junit, markdown }).flatMap(([name, value]) =>
    ['undefined', 'string'].includes(typeof value)
      ? []
      : [`${name} ${visibleValue(value)}: must be a file name`],
  );
  const words = { junit: mentioned(junit), markdown: mentioned(markdown) };
  const read = readCiFiles(words, example);
  const complaints = [...wrong, ...complaintsOf(read).map(inProgramWords)];
  return complaints.length > 0 ? refused(...complaints) : read;
}

/**
 * Writes these files only: annotations and the summary of a job belong to a command.
 *
 * @returns whether each could be written
 */
export function writeCiFiles(files: CiFiles, texts: CiTexts, terminal = quietTerminal()): boolean {
  const { GITHUB_WORKSPACE, CI_PROJECT_DIR } = process.env;
  const paths = { GITHUB_WORKSPACE, CI_PROJECT_DIR };
  return writeForCi(files, texts, { json: true, what: 'verdicts' }, terminal, paths);
}
