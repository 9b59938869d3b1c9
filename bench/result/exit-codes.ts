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
 * The meaning of each code in a sentence, for the docs. If several apply, a failure comes first,
 * then an invalid result, then an unmet expectation. A file that could not be written turns 0 into
 * 1. It changes no other code, since it must not hide a leak.
 */
export const exitCodeWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'Success: everything was measured and every expectation holds, or the server is clean.',
  failure:
    'A server or the harness failed, or a file could not be written. The rest was measured, except if the first request to a URL failed: then nothing was.',
  badInput:
    'The command line, the config file, a saved result or the version of Node is wrong. Nothing was started.',
  invalid:
    'A server has no valid round, `--fail-on` has no verdict, the leak check could not inspect the server, or `check` could not judge something. This counts as a failure.',
  leaking: 'A server is leaking, or its streams did not open or sent no events.',
  unmet:
    'A threshold failed or could not be checked, the verdict of the scenario failed, a comparison has the verdict of `--fail-on`, or `check` found an error.',
  interrupted: 'Interrupted. The results measured so far are kept.',
};

/** The meaning of each code in a few words, for help. */
export const exitCodesInShort: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'success',
  failure: 'a server or ssebench failed, or a file could not be written',
  badInput: 'invalid input; nothing was started',
  invalid: 'no valid round, no verdict for --fail-on, not inspected, or not judged',
  leaking: 'a server is leaking, or its streams did not open or sent no events',
  unmet: 'a threshold, the scenario or the endpoint failed, or --fail-on applies',
  interrupted: 'interrupted; the results so far are kept',
};
