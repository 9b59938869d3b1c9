/**
 * What every reference server does alike as a process: it reads `--port` and `--host`, says when it is
 * ready and where, and ends its streams on SIGUSR2. What SIGTERM does is in each server: its framework says how.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { endAllStreams } from './counter.ts';

/** Time for the last bytes of ended streams to leave. The contract allows a second for the whole shutdown. */
export const flushMs = 200;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

/** Where to listen; port 0 asks for any free one. */
export const host = values.host;
export const port = Number(values.port);
if (!/^\d+$/.test(values.port) || port > 65_535) {
  refuse(`--port ${values.port}: must be a whole number from 0 to 65535; 0 asks for any free port`);
}

/** The page with the EventSource client, served at `/`. */
export const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');

/** Says that the server listens, and where. */
export function ready(server: { address(): AddressInfo | string | null }): void {
  const { port: actualPort } = server.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
  console.log(`Server is running on port ${actualPort}`);
  console.log(`The page is at ${origin}/, the events are at ${origin}/event`);
}

function refuse(complaint: string): never {
  console.error(complaint);
  process.exit(2);
}

process.on('SIGUSR2', endAllStreams);

// Some frameworks emit the failure to listen, some reject a promise: here all of them end up alike.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.syscall === 'listen' && error.code === 'EADDRINUSE') {
    refuse(
      `--port ${port}: taken on ${host} by another process; choose another, or 0 for any free port`,
    );
  }
  if (error.syscall === 'listen' || error.syscall === 'getaddrinfo') {
    refuse(
      `--host ${host} --port ${port}: cannot listen there (${error.code}); choose an address of this machine`,
    );
  }
  console.error(error);
  process.exit(1);
});
