/** The options for CI systems, which all commands with a verdict share. */
import type { CommandOption } from './definition.ts';

export const ciOptions: readonly CommandOption[] = [
  { flags: '--junit [file]', about: 'also write the verdicts as JUnit XML', words: 'files' },
  { flags: '--markdown [file]', about: 'also write a summary as Markdown', words: 'files' },
];
