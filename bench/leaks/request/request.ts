/**
 * Turns the words or settings of a check into a request, or reports everything that is wrong with
 * them.
 */
import {
  accepted,
  refused,
  visible,
  type Checked,
  type Complain,
} from '../../scenario/complaint.ts';
import {
  connectionOptions,
  readStreamRequest,
  type GivenRequest,
  type RequestContext,
  type StreamRequest,
} from '../../scenario/read-request.ts';
import type { OptionValues } from '../../scenario/option.ts';
import { checkOwnServer, type OwnServerWording } from '../../scenario/own-servers/check.ts';
import { usualReadyWithinMs } from '../../scenario/own-servers/options.ts';
import { checkValues, type Given } from '../../scenario/values.ts';
import { wordWithoutSecrets } from '../../scenario/command-secrets.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import { isLocal } from '../../scenario/local-hosts.ts';
import { readServers } from '../../scenario/servers-under-test.ts';
import { catalog } from '../../../servers/catalog.ts';
import type { CheckOptions } from './check-options.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { leaksOptions } from './leaks-options.ts';
import type { App } from '../../scenario/own-servers/app.ts';
import type { OwnServerInFile } from '../../scenario/own-servers/schema.ts';
import type { UrlUnderTest } from '../../scenario/scenario.ts';
import type { ServerSpec } from '../checked-server/checked-server.ts';

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

export interface LeaksRequest {
  servers: {
    name: string;
    spec: ServerSpec;
    /** Request headers that only this server gets. */
    headers?: Readonly<Record<string, string>>;
  }[];
  options: CheckOptions;
}

/** @returns the request, or all complaints; each names the option, the value and what to do */
export function checkLeaksRequest(input: LeaksInput, wording: LeaksWording): Checked<LeaksRequest> {
  const { servers = [], command = [], settings = [] } = input;
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = checkValues(leaksOptions, settings, wording, complain);
  const isOwn =
    input.here ||
    command.length > 0 ||
    (['url', 'pid', 'name'] as const).some((option) => isGiven(input, option));
  if (isOwn) checkOwn(input, wording, complain);
  if (input.trace) checkTrace(input, wording, complain);
  const serversUnderTest = isOwn ? [] : readServers(servers, null, complain, input);
  const listed = serversUnderTest.filter((server) => server.kind === 'url');
  for (const { name, process } of listed) {
    if (process === null)
      complain(
        `${visible(name)}: a URL is not enough, because ssebench inspects the server’s process; write --url ${name} with --pid <pid>, or with -- and the command that starts the server`,
      );
  }
  const request = readStreamRequest(
    input.request,
    {
      ...wording.request,
      servers:
        isOwn && values.url !== undefined
          ? [{ url: values.url, headers: {} }]
          : listed.map(({ url, request: { headers } }) => ({ url, headers })),
      withoutEffect: isOwn || listed.length > 0 ? [] : connectionOptions,
      startsServer: command.length > 0 || listed.some(({ process }) => process?.kind === 'command'),
    },
    complain,
  );
  const urls = listed.map(({ name, url }) => ({ shown: visible(name), url }));
  if (values.url !== undefined)
    urls.push({
      shown: `${wording.name('url')} ${urlWithoutSecrets(values.url)}`,
      url: values.url,
    });
  for (const { shown } of urls.filter((each) => !isLocal({ ...each, ...request })))
    complain(
      `${shown}: is not on this machine, where ssebench inspects the server’s process; give an address of this machine, such as 127.0.0.1`,
    );
  if (complaints.length > 0) return refused(...complaints);
  return accepted({
    servers: isOwn
      ? [ownServer(input, values, request.request)]
      : serversUnderTest.map((server) =>
          server.kind === 'reference'
            ? referenceServer(server.name)
            : listedServer(server, request.request),
        ),
    options: checkOptions(input, values, request),
  });
}

type Values = OptionValues<typeof leaksOptions>;
type ServerToCheck = LeaksRequest['servers'][number];

function referenceServer(name: string): ServerToCheck {
  const { file, waitsForDrain } = catalog[name]!;
  return { name, spec: { kind: 'reference', file, waitsForDrain } };
}

/** A server of the config file, which has a process. */
function listedServer(
  { name, url, process, request: { headers } }: UrlUnderTest,
  { socketPath }: RequestOptions,
): ServerToCheck {
  const spec: ServerSpec =
    process!.kind === 'pid'
      ? { kind: 'process', pid: process!.pid, url }
      : { ...process!, url, socketPath };
  return { name, spec, headers };
}

/** Must be called only after the URL and the related options have been checked. */
function ownServer(
  { here, command: [file, ...args] = [], start }: LeaksInput,
  { url = '', pid, readyWithin = usualReadyWithinMs, name = urlWithoutSecrets(url) }: Values,
  { socketPath }: RequestOptions,
): ServerToCheck {
  if (here) return { name, spec: { kind: 'own', url } };
  if (file === undefined) return { name, spec: { kind: 'process', pid: pid!, url } };
  const command = [file, ...args] as const;
  return {
    name,
    spec: {
      kind: 'command',
      command,
      url,
      socketPath,
      cwd: start?.cwd ?? null,
      env: start?.env ?? {},
      readyWhen: start?.readyWhen ?? null,
      readyWithinMs: readyWithin,
    },
  };
}

const checkOptions = (
  { trace = false, probe = true }: LeaksInput,
  values: Values,
  { request, hasOwnMethod }: StreamRequest,
): CheckOptions => ({
  ...withRequest(request, hasOwnMethod),
  ...(values.modes && { modes: values.modes }),
  areModesNamed: values.modes !== undefined && values.modes !== disconnectModes,
  strict: values.strict ?? false,
  streams: values.streams ?? 50,
  rounds: values.rounds ?? 1,
  events: values.events ?? 2,
  areEventsGiven: values.events !== undefined,
  patienceMs: values.patience ?? 3_000,
  deadlineMs: values.deadline ?? 5_000,
  withinMs: values.within,
  maxLeakedPerDisconnect: values.maxLeakedPerDisconnect ?? 0,
  ignore: values.ignore ?? [],
  trace,
  asksFirst: probe,
  inspection: values.inspection,
});

/**
 * The options of a check that depend on the request of the clients. If all modes have its method,
 * the mode `post` would repeat the mode `close`, so the usual modes do not contain it.
 *
 * @param isMethodGiven see `CheckOptions`
 */
export function withRequest(
  request: RequestOptions,
  isMethodGiven = request.method !== 'GET' || request.body !== null,
): Pick<CheckOptions, 'modes' | 'request' | 'isMethodGiven'> {
  const modes = disconnectModes.filter(
    ({ usual, name }) => usual && !(isMethodGiven && name === 'post'),
  );
  return { modes, request, isMethodGiven };
}

const isGiven = ({ settings = [] }: LeaksInput, name: keyof typeof leaksOptions): boolean =>
  settings.some(({ option }) => option === name);

/** The probe must be loaded when the process starts, so it needs a server that ssebench starts. */
function checkTrace(input: LeaksInput, { name, example }: LeaksWording, complain: Complain) {
  const { command = [], here, settings = [] } = input;
  if (here || (isGiven(input, 'pid') && command.length === 0))
    complain(
      `${name('trace')}: needs a server that ssebench starts, because the probe is loaded at startup; give the server’s command, or leave out ${name('trace')}`,
    );
  if (settings.some(({ option, value }) => option === 'inspection' && value === 'outside'))
    complain(
      `${name('trace')}: needs the inspector; leave out ${name('trace')}, or ${example('inspection', 'outside')}`,
    );
}

/** The user's own server is given by a URL and either a command or a process. */
function checkOwn(input: LeaksInput, wording: LeaksWording, complain: Complain) {
  const { servers = [], command = [], here, settings = [] } = input;
  const url = wording.name('url');
  for (const name of servers)
    complain(
      `${visible(wordWithoutSecrets(name, Object.hasOwn(catalog, name) || URL.canParse(name)))}: cannot be combined with your own server (${url}); leave out one of them`,
    );
  // A server in this process has no command, and settings may be shared with others that have one.
  const given = here ? settings.filter(({ option }) => option !== 'readyWithin') : settings;
  const more = (['cwd', 'env', 'readyWhen'] as const).flatMap((option) =>
    input.start?.[option] === undefined ? [] : { option, shown: wording.name(option) },
  );
  const { cwd = null, env = {} } = input.start ?? {};
  checkOwnServer({ given: [...given, ...more], command, cwd, env }, wording, complain);
  if (!isGiven(input, 'pid') && command.length === 0 && !here)
    complain(
      `${url}: ssebench also needs the server’s process; add ${wording.name('pid')} <pid>, or -- and the command that starts the server`,
    );
}
