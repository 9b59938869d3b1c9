/** The completion script for bash. */
import type { Completions } from '../definitions/definition.ts';
import { formsOf, type CompletedCommand, type CompletedOption } from './model.ts';

/** A command of the script that offers these words. */
const reply = (words: Completions | undefined): string => {
  if (words === undefined) return ':';
  return words === 'files'
    ? '_ssebench_reply -f; compopt -o filenames'
    : `_ssebench_reply -W '${words.join(' ')}'`;
};

const valueCases = (options: readonly CompletedOption[]): string[] =>
  options
    .filter(({ hasValue }) => hasValue)
    .map((option) => `        ${formsOf(option).join(' | ')}) ${reply(option.words)}; return ;;`);

function commandCase({ name, options, words }: CompletedCommand): string {
  return [
    `    ${name})`,
    '      case "$previous" in',
    ...valueCases(options),
    '      esac',
    `      if [[ $current == -* ]]; then ${reply(options.flatMap(formsOf))}`,
    `      else ${reply(words)}; fi ;;`,
  ].join('\n');
}

export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of ssebench for bash 4 and newer. Load it in ~/.bashrc:
#   source <(ssebench completion bash)
_ssebench_reply() { mapfile -t COMPREPLY < <(compgen "$@" -- "$current"); }
_ssebench() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  # bash splits --option=value at the equals sign.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then ${reply([...names, '--help', '--version'])}; return; fi
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _ssebench ssebench
`;
}
