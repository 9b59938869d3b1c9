/** Complains about what does not fit the servers of a check. */
import { catalog } from '../../../servers/catalog.ts';
import { wordWithoutSecrets } from '../../scenario/command-secrets.ts';
import { visible, type Complain } from '../../scenario/complaint.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import { checkOwnServer } from '../../scenario/own-servers/check.ts';
import { isGiven, type LeaksInput, type LeaksWording } from './leaks-input.ts';

/** The probe must be loaded when the process starts, so it needs a server that ssebench starts. */
export function checkTrace(input: LeaksInput, { name, example }: LeaksWording, complain: Complain) {
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
export function checkOwn(input: LeaksInput, wording: LeaksWording, complain: Complain) {
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

/**
 * Reference servers promise a stream for GET only (see `servers/README.md`). A body needs another
 * method.
 */
export function checkMethod(
  { request: { settings, body } }: LeaksInput,
  { method }: Pick<RequestOptions, 'method'>,
  complain: Complain,
) {
  const given = settings.findLast(({ option }) => option === 'method')?.shown;
  if (given !== undefined && method !== 'GET')
    complain(
      `${given}: reference servers accept only GET; leave it out, or check your own server instead of them`,
    );
  if (body !== undefined && method !== 'GET')
    complain(
      `${body.shown}: reference servers accept only GET, which has no body; leave it out, or check your own server instead of them`,
    );
}

/** A server of the user has the processes that its command starts. */
export function checkProcesses({ settings = [] }: LeaksInput, complain: Complain) {
  const given = settings.findLast(({ option }) => option === 'serverProcesses')?.shown;
  if (given !== undefined)
    complain(
      `${given}: only reference servers let ssebench choose their processes; leave it out, and ssebench inspects all processes of a cluster (node:cluster) that your command starts`,
    );
}
