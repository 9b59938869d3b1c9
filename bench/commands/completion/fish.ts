/** The completion script for fish. */
import type { CompletedCommand, CompletedOption } from './model.ts';

/** A text in single quotes. */
const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

const line = (...parts: readonly string[]) => `complete -c ssebench ${parts.join(' ')}`;

function optionLine(name: string, { long, short, about, hasValue, words }: CompletedOption) {
  // -r: needs a value, and files are possible; -x: the same without files.
  const value = hasValue ? (words === 'files' ? ['-r', '-F'] : ['-x']) : [];
  return line(
    '-n',
    quoted(`__fish_seen_subcommand_from ${name}`),
    ...(short === undefined ? [] : ['-s', short.slice(1)]),
    '-l',
    long.slice(2),
    ...value,
    ...(Array.isArray(words) ? ['-a', quoted(words.join(' '))] : []),
    '-d',
    quoted(about),
  );
}

const nameLines = ({ name, words }: CompletedCommand): string[] =>
  words === undefined
    ? []
    : [
        line(
          '-n',
          quoted(`__fish_seen_subcommand_from ${name}`),
          ...(words === 'files' ? ['-F'] : ['-a', quoted([...words].join(' '))]),
        ),
      ];

export function fishScript(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of ssebench for fish. Load it in ~/.config/fish/config.fish:',
    '#   ssebench completion fish | source',
    line('-f'),
    ...commands.map(({ name, about }) =>
      line('-n', '__fish_use_subcommand', '-a', name, '-d', quoted(about)),
    ),
    ...commands.flatMap((command) => [
      ...command.options.map((option) => optionLine(command.name, option)),
      ...nameLines(command),
    ]),
    '',
  ].join('\n');
}
