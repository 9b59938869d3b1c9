/** Options that several commands have. */
import { helpOption } from '../flags.ts';
import type { CommandOption, Given } from './definition.ts';

const quiet: CommandOption = { flags: '--quiet', about: 'print only the result and errors' };

/** The end of the last group of every command. */
export const commonOptions = [quiet, helpOption];

/** The values of options, and the switches with these names as options without a value. */
export const withSwitches = (
  values: Given['values'],
  switches: Given['switches'],
  names: readonly string[],
): Given['values'] => ({
  ...values,
  ...Object.fromEntries(names.filter((name) => switches[name]).map((name) => [name, [true]])),
});
