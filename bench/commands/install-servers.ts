/** Reference servers come in a package of their own. Offers to install it where it is missing. */
import { spawn } from 'node:child_process';
import { ssebenchVersion } from '../run/environment.ts';
import { installCommand, whyNoServers } from '../system/servers-package.ts';
import { BadInput, type Terminal } from './terminal.ts';

/** Knows whether the package is installed, and can install it. */
export interface Installation {
  /** Why reference servers cannot be started; `undefined` if they can. */
  missing(): string | undefined;
  /** Runs the command; `undefined` if it succeeded, otherwise how it ended. */
  install(
    command: readonly [string, ...string[]],
    signal: AbortSignal,
  ): Promise<string | undefined>;
}

const here: Installation = { missing: () => whyNoServers(ssebenchVersion), install: run };

/**
 * Ensures that reference servers can be started. Installs their package only if the user answers
 * the question with yes.
 *
 * @param names of the reference servers that the user selected
 * @returns whether they can be started
 * @throws BadInput if they cannot, and nobody can answer
 */
export async function haveServers(
  names: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  { missing, install }: Installation = here,
): Promise<boolean> {
  const reason = names.length === 0 ? undefined : missing();
  if (reason === undefined) return true;
  const command = installCommand(ssebenchVersion);
  const text = command.join(' ');
  const complaint = `${names.join(', ')}: reference servers ${reason}`;
  if (!terminal.ask) throw new BadInput([`${complaint}; run ${text}`]);
  const question = `${complaint}. This installs the package, with its frameworks, in your project:\n  ${text}\nRun this command now? [y/N] `;
  if (!(await terminal.ask(question, signal))) {
    terminal.essential('Nothing was installed or started.');
    return false;
  }
  const failure = (await install(command, signal)) ?? missing();
  if (failure !== undefined)
    terminal.essential(`${text} did not install the reference servers: ${failure}.`);
  return failure === undefined;
}

/** stdout stays free for the result, which may be JSON. */
function run(
  [file, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<string | undefined> {
  // On Windows, npm is a script that only a shell finds. No argument comes from the user.
  const shell = process.platform === 'win32';
  const child = spawn(file, args, { stdio: ['ignore', 2, 2], shell, signal });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, how) =>
      resolve(code === 0 ? undefined : how === null ? `exit code ${code}` : how),
    );
  });
}
