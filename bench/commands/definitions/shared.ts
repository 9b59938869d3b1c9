/** Options that several commands have. */
import { helpOption } from '../flags.ts';
import type { CommandOption } from './definition.ts';

export const header: CommandOption = {
  flags: '--header [line]',
  about: 'a request header, such as "Authorization: Bearer abc"; repeatable',
};
const quiet: CommandOption = { flags: '--quiet', about: 'print only the result and errors' };

/** The end of the last group of every command. */
export const commonOptions = [quiet, helpOption];
