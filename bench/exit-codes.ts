/** What the exit code of `ssebench` tells a script. */
export const exitCodes = {
  /** All was measured, or is clean. */
  success: 0,
  /** A server or the harness failed; what could be measured was. */
  failure: 1,
  /** The command line is wrong; nothing was started. */
  badInput: 2,
  /** All was measured, but of some server no round can be believed: the load or the machine was the limit. */
  invalid: 3,
  /** Nobody could look whether a server leaks: that is no pass. */
  couldNotLook: 3,
  /** A server leaks. */
  leaking: 4,
  /** Interrupted by a person; the result is partial. */
  interrupted: 130,
} as const;
