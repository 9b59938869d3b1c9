/** The clients that the generator is compared with, and how they are started. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How to start a client; it takes its orders on stdin, as `clients/control.js` describes. */
export interface Client {
  name: string;
  command: (url: string, streams: number, rampMs: number) => [string, ...string[]];
}

/** A client that could not be prepared. */
export interface MissingClient {
  name: string;
  why: string;
}

interface Peer {
  name: string;
  file: string;
  packages: Record<string, string>;
}

const parser = { 'eventsource-parser': '4.1.3' };
const peers: readonly Peer[] = [
  { name: 'node:http', file: 'node-http.js', packages: {} },
  { name: 'fetch and eventsource-parser', file: 'fetch.js', packages: parser },
  { name: 'undici EventSource', file: 'undici-eventsource.js', packages: { undici: '8.12.4' } },
  { name: 'eventsource', file: 'eventsource.js', packages: { eventsource: '5.1.5', ...parser } },
];
const artillery: Peer = {
  name: 'Artillery',
  file: 'artillery.js',
  packages: { artillery: '2.0.34' },
};

export const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Compiles the C reader. @param localAddresses from which it connects in turn */
export function compileReader(localAddresses: number): Client | MissingClient {
  const name = 'C reader';
  const program = join(folder, 'reader');
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      execFileSync(compiler, ['-O2', '-o', program, source('reader.c')], { stdio: 'pipe' });
    } catch {
      continue; // not installed
    }
    return {
      name,
      command: (url) => {
        const { hostname, port, pathname, search } = new URL(url);
        return [program, hostname, port, pathname + search, String(localAddresses)];
      },
    };
  }
  return { name, why: 'This machine has no C compiler.' };
}

/**
 * Installs the packages of the other clients in a temporary folder. Artillery has hundreds of
 * packages, so it is installed separately, and left out if that takes too long.
 */
export function installPeers(): (Client | MissingClient)[] {
  cpSync(source('clients'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const installed = install(peers, 120_000);
  return [...installed, ...install([artillery], 300_000)];
}

const installWords = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];

function install(some: readonly Peer[], withinMs: number): (Client | MissingClient)[] {
  const packages = Object.entries(Object.assign({}, ...some.map((peer) => peer.packages)));
  try {
    execFileSync(
      'npm',
      [...installWords, ...packages.map(([name, version]) => `${name}@${String(version)}`)],
      { cwd: folder, stdio: 'pipe', timeout: withinMs },
    );
  } catch {
    const why = `npm did not install it within ${withinMs / 1000} s.`;
    return some.map((peer) =>
      Object.keys(peer.packages).length > 0 ? { name: peer.name, why } : clientOf(peer),
    );
  }
  return some.map(clientOf);
}

const clientOf = ({ name, file }: Peer): Client => ({
  name,
  command: (url, streams, rampMs) => [
    process.execPath,
    '--no-warnings', // the EventSource of undici is experimental
    join(folder, file),
    url,
    String(streams),
    String(Math.ceil(rampMs / 1000)),
  ],
});
