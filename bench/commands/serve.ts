/** `ssebench serve`: one reference server in the foreground. */
import { createServer } from 'node:net';
import { catalog } from '../../servers/catalog.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { launch } from '../system/launch.ts';
import { nearest, optionAsTyped, visible, type Mentions } from '../scenario/complaint.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { BadInput } from './terminal.ts';

export interface ServeWords {
  names: readonly string[];
  port: Mentions;
  host: Mentions;
  /** About what was typed and is no option. */
  complaints: readonly string[];
}

/**
 * Runs until the server ends, or until the signal asks for its end.
 *
 * @returns the server's exit code
 * @throws BadInput
 */
export async function serveCommand(words: ServeWords, signal: AbortSignal): Promise<number> {
  const [name = ''] = words.names;
  const entry = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  const { port, host, complaints } = await readAddress(words.port, words.host);
  complaints.unshift(...words.complaints, ...nameComplaints(words.names));
  if (!entry || complaints.length > 0) throw new BadInput(complaints);

  const command = [process.execPath, entry.file, '--port', String(port), '--host', host] as const;
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
      return index > 0 ? [`${name}: serve starts one server; leave out all but one`] : [];
    const meant = /^\d+$/.test(name) ? `--port ${name}` : nearest(name, known);
    return [
      `${visible(wordWithoutSecrets(name, meant !== undefined || URL.canParse(name)))}: no such server; ${meant === undefined ? choice : `did you mean ${meant}?`}`,
    ];
  });
}

/** Where to listen, and whatever speaks against it. */
async function readAddress(
  ports: Mentions,
  hosts: Mentions,
): Promise<{ port: number; host: string; complaints: string[] }> {
  const badPorts = ports.filter(
    (port) => port === true || !/^\d+$/.test(port) || Number(port) > 65_535,
  );
  const badHosts = hosts.filter((host) => host === true || host === '');
  const complaints = [
    ...badPorts.map(
      (port) =>
        `${optionAsTyped('--port', port)}: must be a whole number from 0 to 65535; 0 asks for any free port`,
    ),
    ...badHosts.map(
      (host) =>
        `${optionAsTyped('--host', host)}: must be an address of this machine, such as 127.0.0.1`,
    ),
  ];
  const port = badPorts.length > 0 ? 0 : Number(ports.at(-1) ?? 3000);
  const host = badHosts.length > 0 ? '127.0.0.1' : String(hosts.at(-1) ?? '127.0.0.1');
  const reason = await whyNotListening(port, host);
  if (reason === 'EADDRINUSE') {
    complaints.push(
      `--port ${port}: taken on ${host} by another process; choose another, or 0 for any free port`,
    );
  } else if (reason === 'EACCES') {
    complaints.push(
      `--port ${port}: only a privileged process may listen there (EACCES); choose one from 1024 on`,
    );
  } else if (reason !== undefined) {
    complaints.push(
      `${optionAsTyped('--host', host)}: cannot listen there (${reason}); choose an address of this machine`,
    );
  }
  return { port, host, complaints };
}

function whyNotListening(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
