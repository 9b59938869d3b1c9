/** `ssebench serve`: one reference server in the foreground. */
import { createServer } from 'node:net';
import { catalog } from '../../servers/catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { launch } from '../launch.ts';
import { BadInput } from './terminal.ts';

/**
 * Runs until the server ends, or until the signal asks for its end.
 *
 * @returns the server's exit code
 * @throws BadInput
 */
export async function serveCommand(name: string, port: string, host: string, signal: AbortSignal): Promise<number> {
  const entry = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  const complaints = [
    ...(entry ? [] : [`${name}: no such server; choose from ${Object.keys(catalog).join(', ')}`]),
    ...(await portComplaints(port, host, entry !== undefined)),
  ];
  if (!entry || complaints.length > 0) throw new BadInput(complaints);

  const child = launch([process.execPath, entry.file, '--port', port, '--host', host], { cores: undefined, stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? exitCodes.failure)));
}

async function portComplaints(port: string, host: string, tryIt: boolean): Promise<string[]> {
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    return [`--port ${port}: must be a whole number from 0 to 65535; 0 asks for any free port`];
  }
  const reason = tryIt ? await whyNotListening(Number(port), host) : undefined;
  if (reason === undefined) return [];
  return reason === 'EADDRINUSE'
    ? [`--port ${port}: taken on ${host} by another process; choose another, or 0 for any free port`]
    : [`--host ${host} --port ${port}: cannot listen there (${reason}); choose an address of this machine`];
}

function whyNotListening(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
