/**
 * Complaints about a server of the user that every command has: what is missing, what contradicts,
 * and what cannot be started.
 */
import { commandInWords } from '../command-secrets.ts';
import { visible, type Complain } from '../complaint.ts';
import type { Given, Wording } from '../values.ts';
import { pathIn, whyNoFolder, whyNoProgram } from './program.ts';

/** A server of the user, as given. */
export interface GivenServer {
  /** Values of `ownServerOptions`, and others that only a command can have. */
  given: readonly Pick<Given, 'option' | 'shown'>[];
  /** Empty if there is none. */
  command: readonly string[];
  /** The folder in which the command starts; `null` for the current folder. */
  cwd?: string | null;
  /** Added to the environment of the command. */
  env?: Readonly<Record<string, string>>;
}

/** How the caller's options for a server are written in messages. */
export interface OwnServerWording extends Wording {
  /** The command that starts the server, within a sentence. */
  command: string;
  /** The word before that command: `--`, or `command`. */
  beforeCommand: string;
}

/** Options that have no effect without a command. */
const ofCommands = new Set(['cwd', 'env', 'readyWhen', 'readyWithin']);

/** @param platform the operating system of this machine */
export function checkOwnServer(
  server: GivenServer,
  wording: OwnServerWording,
  complain: Complain,
  platform: string = process.platform,
): void {
  const { given, command } = server;
  const isGiven = (name: string) => given.some(({ option }) => option === name);
  const [url, pid] = [wording.name('url'), wording.name('pid')];
  if (!isGiven('url'))
    complain(
      `${url} is missing: give the URL of the server’s stream, such as ${wording.example('url', 'http://127.0.0.1:3000/event')}`,
    );
  if (isGiven('pid') && command.length > 0)
    complain(
      `${pid} is for a server that already runs, and ${wording.command} starts one; leave out one of them`,
    );
  if ((isGiven('pid') || command.length > 0) && platform !== 'linux')
    complain(
      `${command.length > 0 ? wording.beforeCommand : pid}: works only on Linux, because ssebench finds the processes of a server in /proc; leave it out, and start the server yourself`,
    );
  if (command.length > 0) checkCommand(server, wording, complain);
  else
    for (const { option, shown } of given)
      if (ofCommands.has(option))
        complain(`${shown}: has no effect without ${wording.command}; add it, or leave this out`);
}

function checkCommand(
  { given, command, cwd = null, env }: GivenServer,
  { beforeCommand }: OwnServerWording,
  complain: Complain,
): void {
  const noFolder = cwd === null ? undefined : whyNoFolder(cwd);
  const folder = given.find(({ option }) => option === 'cwd');
  if (noFolder !== undefined) complain(`${folder!.shown}: ${noFolder}`);
  const [program = '', ...words] = command;
  const start = noFolder === undefined ? cwd : null;
  const reason =
    program === ''
      ? 'has no program; give one, such as node'
      : whyNoProgram(program, start, env?.PATH ?? pathIn(start, process.env.PATH));
  if (reason !== undefined)
    complain(`${beforeCommand} ${visible(commandInWords([program, ...words]))}: ${reason}`);
}
