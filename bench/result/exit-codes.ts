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

/**
 * The meaning of each code in a sentence, for the README. If several apply, a failure comes first,
 * then an invalid result, then an unmet expectation. A file that could not be written turns 0 into
 * 1. It changes no other code, since it must not hide a leak.
 */
export const exitCodeWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'Everything was measured, or is clean, and is as it was expected.',
  failure:
    'A server or the harness failed, or all is well but a file could not be written; what could be measured was, which is nothing where the first request to a URL failed.',
  badInput:
    'The command line, the config file, a saved result or the version of Node is wrong; nothing was started.',
  invalid: 'A result is not to be believed, or nobody could look or judge: that is no pass.',
  leaking: 'A server leaks, or its streams are not what they should be.',
  unmet:
    'An expectation does not hold, or is not shown to; the scenario’s own verdict fails; or a comparison came out as `--fail-on` says.',
  interrupted: 'A person stopped it; what was measured by then is kept.',
};
