/** The completion script for zsh. */
import type { Completions } from '../definitions/definition.ts';
import { formsOf, type CompletedCommand, type CompletedOption } from './model.ts';

/** A text in single quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** In a specification of `_arguments`, these characters need a backslash. */
const escaped = (text: string) => text.replaceAll(/[[\]:\\]/g, '\\$&');

const action = (words: Completions | undefined): string => {
  if (words === undefined) return ' ';
  return words === 'files' ? '_files' : `(${words.join(' ')})`;
};

/** Options may be repeated, because the last one counts. */
const specifications = (option: CompletedOption): string[] =>
  formsOf(option).map((form) => {
    const value = option.hasValue ? `:value:${action(option.words)}` : '';
    const equals = option.hasValue ? (form.startsWith('--') ? '=' : '+') : '';
    return quoted(`*${form}${equals}[${escaped(option.about)}]${value}`);
  });

function commandCase({ name, options, words }: CompletedCommand): string {
  const all = [
    ...options.flatMap(specifications),
    ...(words === undefined ? [] : [quoted(`*:name:${action(words)}`)]),
  ];
  return `    ${name})\n      _arguments ${all.join(' \\\n        ')} ;;`;
}

export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, about }) => quoted(`${name}:${escaped(about)}`));
  return `#compdef ssebench
# Completion of ssebench for zsh. Load it in ~/.zshrc, after compinit:
#   source <(ssebench completion zsh)
_ssebench() {
  local -a commands
  commands=(
    ${described.join('\n    ')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local name=$words[2]
  # The options of a command begin after its name.
  shift words
  ((CURRENT--))
  case $name in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _ssebench "$@"
else compdef _ssebench ssebench; fi
`;
}
