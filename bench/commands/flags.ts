/** The long and short forms of options. */
import type { CommandOption } from './definitions/definition.ts';

/** Short forms that most load tools share. An option has the same one in every command. */
const shortForms: Readonly<Record<string, string>> = {
  '--streams': '-c',
  '--duration': '-d',
  '--header': '-H',
  '--quiet': '-q',
  '--help': '-h',
  '--version': '-V',
};

export const helpOption: CommandOption = { flags: '--help', about: 'print this help and exit' };
export const versionOption: CommandOption = {
  flags: '--version',
  about: 'print the version and exit',
};

/** The long form, which messages use: `--streams`. */
export const longFormOf = ({ flags }: CommandOption): string => flags.split(' ')[0]!;

export const shortFormOf = (option: CommandOption): string | undefined =>
  shortForms[longFormOf(option)];

/** Both forms in commander's syntax: `-c, --streams [n]`. */
export const flagsOf = (option: CommandOption): string =>
  [shortFormOf(option) ?? [], option.flags].flat().join(', ');
