/** A command as data: its help, its options, and what it does. */
import type { ExitCodeName } from '../../result/exit-codes.ts';
import type { Mentions } from '../../scenario/complaint.ts';
import type { Terminal } from '../terminal.ts';
import type { Section } from '../text-layout.ts';

/** The words that a shell can complete, or paths of files. */
export type Completions = readonly string[] | 'files';

/** An option of a command. */
export interface CommandOption {
  /** In commander's syntax; an option with a value has it in brackets, such as `--out [folder]`. */
  flags: string;
  /** One line for the help, including the default. */
  about: string;
  /** Its possible values; absent if a shell cannot complete them. */
  words?: Completions;
}

/** Options with a common title in the help. */
export interface OptionGroup {
  title: string;
  options: readonly CommandOption[];
}

export interface Example {
  /** The words after the name of the command. */
  args: string;
  about?: string;
  /** Whether a program reads the output, so that npm must not add its own. */
  isPiped?: true;
}

/** The words after the name of the command. */
export interface Given {
  names: readonly string[];
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
  /** The values of options, by the option's name in camel case; absent if not given. */
  values: Readonly<Record<string, Mentions>>;
  /** Options without a value, by name; `--no-probe` is `probe: false`. */
  switches: Readonly<Record<string, boolean>>;
}

/** The parts of its process that a command may use. */
export interface Context {
  terminal: Terminal;
  /** The arguments after `--`, which are the user's own command. */
  behindDashes: readonly string[];
  /** All commands. */
  commands: Commands;
  /**
   * @returns a signal that the first SIGINT, SIGTERM or SIGHUP aborts; the second ends the process
   * at once
   */
  interruption(): AbortSignal;
}

/** Everything about a command that only this command needs. */
export interface Definition {
  /** Paragraphs at the top of its help. */
  about: readonly string[];
  /** The most wanted first. */
  examples: readonly Example[];
  groups: readonly OptionGroup[];
  /** Sections after the options. */
  more: readonly Section[];
  /** The exit codes that it can have, and what each means for this command, in one line. */
  exits: Readonly<Partial<Record<ExitCodeName, string>>>;
  /** Possible names after the command. */
  words?: Completions;
  /**
   * @returns the exit code
   * @throws BadInput
   */
  run(given: Given, context: Context): number | Promise<number>;
}

/** A command as it is listed. */
export interface Command {
  /** The words after its name. */
  usage: string;
  /** One line. */
  about: string;
  load(): Promise<{ definition: Definition }>;
}

/** Name → command, in the order of the help. */
export type Commands = Readonly<Record<string, Command>>;
