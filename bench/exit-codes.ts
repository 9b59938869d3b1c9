/** What the exit code of `ssebench` tells a script. */
export const exitCodes = {
  success: 0,
  failure: 1,
  badInput: 2,
  invalid: 3,
  leaking: 4,
  unmet: 5,
  interrupted: 130,
} as const;

/** The same in a sentence each, for the README. Where several are true: what failed, then what is invalid, then what is unmet. */
export const exitCodeWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'Everything was measured, or is clean, and is as it was expected.',
  failure: 'A server or the harness failed; what could be measured was.',
  badInput: 'The command line, the config file or a saved result is wrong; nothing was started.',
  invalid: 'A result is not to be believed, or nobody could look or judge: that is no pass.',
  leaking: 'A server leaks, or its streams are not what they should be.',
  unmet: 'An expectation does not hold, or is not shown to; or a comparison came out as `--fail-on` says.',
  interrupted: 'A person stopped it; what was measured by then is kept.',
};
