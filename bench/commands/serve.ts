/** `ssebench serve`: runs one reference server in the foreground. */
import { createServer } from 'node:net';
import { catalog } from '../../servers/catalog.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { launch } from '../system/launch.ts';
import { serverFile } from '../system/servers-package.ts';
import {
  accepted,
  complaintsOf,
  nearest,
  optionAsTyped,
  readMentions,
  refused,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { haveServers } from './install-servers.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface ServeWords {
  names: readonly string[];
  port: Mentions;
  host: Mentions;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * Runs until the server ends, or until the signal ends it.
 *
 * @returns the server's exit code
 * @throws BadInput
 */
export async function serveCommand(
  words: ServeWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const [name = ''] = words.names;
  const entry = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  const address = await readAddress(words.port, words.host);
  const complaints = [
    ...words.complaints,
    ...nameComplaints(words.names),
    ...complaintsOf(address),
  ];
  if (!entry || !address.ok || complaints.length > 0) throw new BadInput(complaints);

  if (!(await haveServers([name], terminal, signal)))
    return signal.aborted ? exitCodes.interrupted : exitCodes.badInput;
  const { port, host } = address.value;
  const command = [
    process.execPath,
    serverFile(entry.file),
    '--port',
    `${port}`,
    '--host',
    host,
  ] as const;
  const child = launch(command, { cores: undefined, stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? exitCodes.failure)));
}

function nameComplaints(names: readonly string[]): string[] {
  const known = Object.keys(catalog);
  const choice = `choose from ${known.join(', ')}`;
  if (names.length === 0) return [`serve: needs the name of a server; ${choice}`];
  return names.flatMap((name, index) => {
    if (known.includes(name))
      return index > 0 ? [`${name}: serve starts only one server; give one name`] : [];
    const meant = /^\d+$/.test(name) ? `--port ${name}` : nearest(name, known);
    return [
      `${visible(wordWithoutSecrets(name, meant !== undefined || URL.canParse(name)))}: no such server; ${meant === undefined ? choice : `did you mean ${meant}?`}`,
    ];
  });
}

interface Address {
  port: number;
  host: string;
}

/** Reads the address to listen on, and tries it if host and port are valid. */
async function readAddress(ports: Mentions, hosts: Mentions): Promise<Checked<Address>> {
  const port = readMentions('--port', ports, readPort);
  const host = readMentions('--host', hosts, readHost);
  const address = {
    port: port.ok ? (port.value ?? 3000) : 0,
    host: (host.ok ? host.value : undefined) ?? '127.0.0.1',
  };
  const reason = await whyNotListening(address.port, address.host);
  const complaints = [
    ...complaintsOf(port, host),
    ...(reason === undefined ? [] : [inWords(reason, address)]),
  ];
  return complaints.length > 0 ? refused(...complaints) : accepted(address);
}

const readPort = (text: string): Checked<number> =>
  /^\d+$/.test(text) && Number(text) <= 65_535
    ? accepted(Number(text))
    : refused('must be a whole number from 0 to 65535; 0 selects a free port');

const readHost = (text: string): Checked<string> =>
  text === '' ? refused('must be an address of this machine, such as 127.0.0.1') : accepted(text);

function inWords(reason: string, { port, host }: Address): string {
  if (reason === 'EADDRINUSE')
    return `--port ${port}: in use on ${host}; choose another port, or 0 for a free one`;
  if (reason === 'EACCES')
    return `--port ${port}: needs root privileges (EACCES); choose a port of 1024 or above`;
  return `${optionAsTyped('--host', host)}: cannot listen there (${reason}); choose an address of this machine`;
}

function whyNotListening(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
