/** The input of a check, and how its options are written in messages. */
import type { App } from '../../scenario/own-servers/app.ts';
import type { OwnServerWording } from '../../scenario/own-servers/check.ts';
import type { OwnServerInFile } from '../../scenario/own-servers/schema.ts';
import type { OptionValues } from '../../scenario/option.ts';
import type { GivenRequest, RequestContext } from '../../scenario/read-request.ts';
import type { Given } from '../../scenario/values.ts';
import type { leaksOptions } from './leaks-options.ts';

/** Input of a check, from a command line or from a program. */
export interface LeaksInput {
  /** Names of reference servers. */
  servers?: readonly string[];
  /** The command that starts the user's server. */
  command?: readonly string[];
  /** More about that command. */
  start?: { [Key in 'cwd' | 'env' | 'readyWhen']: App[Key] | undefined };
  /** Whether the server runs in this process. */
  here?: boolean;
  /** The servers of the user in the config file, which `servers` may name. */
  ownServers?: readonly OwnServerInFile[];
  /** Whether that file may have more servers, because its list could not be read completely. */
  lacksServers?: boolean;
  /** Values of `leaksOptions`. */
  settings?: readonly Given[];
  /** The options that describe requests. */
  request: GivenRequest;
  trace?: boolean;
  /** Whether to send the URL one request first. */
  probe?: boolean;
}

/** How the caller's options are written in messages. */
export interface LeaksWording extends OwnServerWording {
  /** How options of requests are written, and how headers and cookies are. */
  request: Pick<RequestContext, 'wording' | 'header' | 'cookie'>;
}

/** The checked values of `leaksOptions`. */
export type LeaksValues = OptionValues<typeof leaksOptions>;

export const isGiven = ({ settings = [] }: LeaksInput, name: keyof typeof leaksOptions): boolean =>
  settings.some(({ option }) => option === name);
