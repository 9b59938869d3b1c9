/** Options that several commands have. */
import { helpOption } from '../flags.ts';
import type { OptionWords } from '../../scenario/option.ts';
import type { CommandOption } from './definition.ts';

const quiet: CommandOption = { flags: '--quiet', about: 'print only the result and errors' };

/** The end of the last group of every command. */
export const commonOptions = [quiet, helpOption];

/** Switches that a config file may also set are read like options with a value. */
export const switched = (given: Readonly<Record<string, boolean>>): OptionWords =>
  Object.fromEntries(Object.keys(given).map((name) => [name, [true]]));
