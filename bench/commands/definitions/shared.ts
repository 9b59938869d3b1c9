/** Options that several commands have. */
import { helpOption } from '../flags.ts';
import type { OptionWords } from '../../scenario/option.ts';
import type { CommandOption } from './definition.ts';

const quiet: CommandOption = { flags: '--quiet', about: 'print only the result and errors' };

/** The file that all commands read which request servers or judge results. */
export const configFile: CommandOption = {
  flags: '--config [file]',
  about: 'config file (default: ssebench.config.{ts,mts,js,mjs,json})',
  words: 'files',
};

/** The end of the last group of every command. */
export const commonOptions = [quiet, helpOption];

/** Exit codes that mean the same for every command. */
export const usualExits = {
  success: 'success',
  badInput: 'invalid input; nothing was started',
} as const;

/** The exit code of a command that can be interrupted. */
export const interrupted = 'interrupted; the results so far are kept';

/** Switches that a config file may also set are read like options with a value. */
export const switched = (given: Readonly<Record<string, boolean>>): OptionWords =>
  Object.fromEntries(Object.keys(given).map((name) => [name, [true]]));
