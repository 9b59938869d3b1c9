/** The exit codes of `ssebench` for scripts. */
export const exitCodes = {
  success: 0,
  failure: 1,
  badInput: 2,
  invalid: 3,
  leaking: 4,
  unmet: 5,
  interrupted: 130,
} as const;

export type ExitCodeName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitCodeName];

/**
 * The meaning of each code for all commands together, for the docs. The help of a command names
 * only what applies to it. If several codes apply, a failure comes first, then an invalid result,
 * then a leak, then an unmet expectation. A file that could not be written turns 0 into 1. It
 * changes no other code, since it must not hide a leak.
 */
export const exitCodeWords: Readonly<Record<ExitCodeName, string>> = {
  success: 'Success: everything was measured and every expectation holds, or the server is clean.',
  failure:
    'A server or ssebench failed, or a file could not be written. The rest was measured. If the first request of `run` failed, nothing was measured.',
  badInput:
    'The command line, the config file, a saved result or the version of Node is wrong. Nothing was started.',
  invalid:
    'No answer, which counts as a failure. `run`: a server has no valid round, or no verdict for `--fail-on`. `compare`: no verdict for `--fail-on`. `leaks`: a server was not inspected completely, a mode that `--modes` names or `--strict` requires was skipped, its first request failed, or the system is not Linux. `watch`: the process cannot be inspected, or ended before a verdict. `check`: something could not be judged.',
  leaking:
    'A server is leaking, or died when clients disconnected, or its streams did not open or sent no events.',
  unmet:
    '`run`: a threshold failed or could not be checked, the scenario failed, or a metric has the verdict of `--fail-on`. `compare`: a metric has this verdict. `check`: it found an error, or with `--fail-on warning` a warning.',
  interrupted: 'Interrupted. The results measured so far are kept.',
};

/** A file that could not be written fails a command that would otherwise succeed. */
export const unlessUnsaved = (code: ExitCode, areSaved: boolean): ExitCode =>
  code === exitCodes.success && !areSaved ? exitCodes.failure : code;
