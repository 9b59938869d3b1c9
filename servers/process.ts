/**
 * Shared by all reference servers: read `--port`, `--host` and `--reuse-port`, print the address when
 * ready, and end all streams on SIGUSR2. Each server handles SIGTERM as its framework documents it.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { endAllStreams } from './counter.ts';

/** Time to send the last bytes of ended streams. The contract allows 1 s for the whole shutdown. */
export const flushMs = 200;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    host: { type: 'string', default: '127.0.0.1' },
    'reuse-port': { type: 'boolean', default: false },
  },
});

export const { host } = values;
/** 0 selects any free port. */
export const port = Number(values.port);
if (!/^\d+$/.test(values.port) || port > 65_535) {
  refuse(`--port ${values.port}: must be a whole number from 0 to 65535; 0 selects a free port`);
}

/**
 * The address to listen on, for `listen` of Node's servers. With `reusePort`, other processes may
 * listen on the same port, and the system spreads the connections over them.
 */
export const address = { port, host, reusePort: values['reuse-port'] };

/** The page with the EventSource client, served at `/`. */
export const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');

const contents = (origin: string) => `The page is at ${origin}/, the events are at ${origin}/event`;

/**
 * Prints that the server listens, and its address.
 *
 * @param describe the line that says what is at which address
 */
export function ready(
  server: { address(): AddressInfo | string | null },
  describe: (origin: string) => string = contents,
): void {
  const { port: actualPort } = server.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
  console.log(`Server is running on port ${actualPort}`);
  console.log(describe(origin));
}

function refuse(complaint: string): never {
  console.error(complaint);
  process.exit(2);
}

process.on('SIGUSR2', endAllStreams);

// Some frameworks emit a listen error, others reject a promise. Both are handled here.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.syscall === 'listen' && error.code === 'EADDRINUSE') {
    refuse(`--port ${port}: in use on ${host}; choose another port, or 0 for a free one`);
  }
  if (error.syscall === 'listen' || error.syscall === 'getaddrinfo') {
    refuse(
      `--host ${host} --port ${port}: cannot listen there (${error.code}); choose an address of this machine`,
    );
  }
  console.error(error);
  process.exit(1);
});
