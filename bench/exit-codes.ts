/** What the exit code of `ssebench` tells a script. */
export const exitCodes = {
  /** All was measured. */
  success: 0,
  /** A server or the harness failed; what could be measured was. */
  failure: 1,
  /** The command line is wrong; nothing was started. */
  badInput: 2,
  /** Interrupted by a person; the result is partial. */
  interrupted: 130,
} as const;
