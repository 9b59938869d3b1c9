/** The arguments of `ssebench run` before they are read. */
import type { Mentions } from './complaint.ts';
import type { OptionWords } from './option.ts';
import type { OwnServerInFile } from './own-servers/schema.ts';

/** The words as typed. */
export interface RunWords {
  /** Names of reference servers and of servers in the config file, and URLs. */
  servers: readonly string[];
  /** The words after `--`: the command that starts the server of `--url`. */
  command?: readonly string[];
  /** The user's servers in the config file, which `servers` may name. */
  ownServers?: readonly OwnServerInFile[];
  /**
   * Whether the list of servers in the config file could not be read completely. An unknown name
   * may then be in that list.
   */
  lacksServers?: boolean;
  options: OptionWords;
  /** The options that a scenario made smaller for URLs, with the numbers that it has otherwise. */
  small?: Readonly<Record<string, number>>;
  headers: Mentions;
  /** The expectations for the figures. */
  expect: Mentions;
}
