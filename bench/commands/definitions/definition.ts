/** A command as data: its help, its options, and what it does. */
import type { Mentions } from '../../scenario/complaint.ts';
import type { Terminal } from '../terminal.ts';

/** An option of a command. */
export interface CommandOption {
  /** In commander's syntax; an option with a value has it in brackets, such as `--out [folder]`. */
  flags: string;
  /** One line for the help, including the default. */
  about: string;
}

/** Options with a common title in the help. */
export interface OptionGroup {
  title: string;
  options: readonly CommandOption[];
}

/** What was typed after the name of the command. */
export interface Given {
  names: readonly string[];
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
  /** The values of options, by the option's name in camel case; absent if not given. */
  values: Readonly<Record<string, Mentions>>;
  /** Options without a value, by name; `--no-probe` is `probe: false`. */
  switches: Readonly<Record<string, boolean>>;
}

/** What a command may use of the process it runs in. */
export interface Context {
  terminal: Terminal;
  /** The arguments after `--`, which are the user's own command. */
  behindDashes: readonly string[];
  /**
   * @returns a signal that the first SIGINT, SIGTERM or SIGHUP aborts; the second ends the process
   * at once
   */
  interruption(): AbortSignal;
}

/** Everything about a command that only this command needs. */
export interface Definition {
  /** Replaces the short description of the list of commands. */
  about?: string;
  groups: readonly OptionGroup[];
  /** The help after the options. */
  after: string;
  /**
   * @returns the exit code
   * @throws BadInput
   */
  run(given: Given, context: Context): number | Promise<number>;
}
