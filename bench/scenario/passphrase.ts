/** The passphrase of the key of a client certificate. Pure. */

/**
 * The environment variable with the passphrase. Every user of a machine can read the arguments of
 * its processes, so no option has it.
 */
export const passphraseVariable = 'SSEBENCH_KEY_PASSPHRASE';

/** An environment without it, for processes that need no key. A server may print its environment. */
export function withoutPassphrase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [passphraseVariable]: _passphrase, ...others } = env;
  return others;
}
