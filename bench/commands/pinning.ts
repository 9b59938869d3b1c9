/**
 * Chooses the cores for the load when somebody else started the servers, and the notes to print
 * before the start.
 */
import { terminalText } from '../report/shared/escape.ts';
import { runningUrls, type ServerUnderTest, type UrlUnderTest } from '../scenario/scenario.ts';
import { isOnThisMachine, portOf } from '../scenario/servers-under-test.ts';
import { workersOf } from '../system/cluster.ts';
import { coresOf, placeBeside, placement, type Placement } from '../system/cores.ts';
import { descendantsOf } from '../system/processes.ts';
import { processesOn } from '../system/sockets.ts';

/**
 * @returns the placement, and a note for each local URL whose server can share a core with the load
 */
export function placeFor(
  serversUnderTest: readonly ServerUnderTest[],
  serverProcesses: number,
): {
  cores: Placement | undefined;
  notes: string[];
} {
  const usual = placement(serverProcesses);
  const urls = runningUrls(serversUnderTest);
  if (!usual || urls.length === 0) return { cores: usual, notes: [] };
  const here = urls
    .filter(({ url, request }) => request.socketPath !== null || isOnThisMachine(new URL(url)))
    .map((server) => ({ name: server.name, pids: pidsOf(server) }));
  const startsServers = serversUnderTest.length > urls.length;
  if (here.length === 0)
    return { cores: { ...usual, server: startsServers ? usual.server : [] }, notes: [] };
  const areAllFound = here.every(({ pids }) => pids.length > 0);
  const cores = placeBeside(
    usual,
    startsServers,
    areAllFound ? coresOf(here.flatMap(({ pids }) => pids)) : undefined,
  );
  return { cores, notes: cores.unpinned ? here.map((server) => noteOn(server, usual)) : [] };
}

/** How to find processes of this machine. */
export interface Finders {
  /** All that listen on a port. */
  on(port: number): readonly number[];
  /** All descendants of a process. */
  from(pid: number): readonly number[];
  /** The workers of the primary of a cluster. Only the primary may listen. */
  workers(pid: number): readonly number[];
}

const ofThisMachine: Finders = {
  on: processesOn,
  from: (pid) => descendantsOf(pid).map((descendant) => descendant.pid),
  workers: workersOf,
};

/**
 * The processes of a server that already runs, as far as they can be found. Not all descendants of a
 * process that listens: that may be the first process of the system.
 */
export function pidsOf(
  { url, request, process }: Pick<UrlUnderTest, 'url' | 'request' | 'process'>,
  { on, from, workers }: Finders = ofThisMachine,
): number[] {
  const given = process?.kind === 'pid' ? [process.pid, ...from(process.pid)] : [];
  // With a Unix socket, another server may listen on the port of the URL.
  const listening = request.socketPath === null ? on(portOf(url)) : [];
  return [...new Set([...given, ...listening.flatMap((pid) => [pid, ...workers(pid)])])];
}

/**
 * Suggests all cores but the last for the server, which may need many. One core is enough for most
 * loads.
 */
function noteOn(
  { name, pids }: { name: string; pids: readonly number[] },
  { server, load }: Placement,
): string {
  const theirs = [...server, ...load].slice(0, -1).join(',');
  const commands = pids.map((pid) => `taskset -a -c -p ${theirs} ${pid}`).join('; ');
  return (
    `${terminalText(name)}: the server can use core ${load.join(', ')}, where the load runs. This can make rounds invalid. ` +
    `Restrict the server to core ${theirs}${commands === '' ? ' with taskset' : `: ${commands}`}.`
  );
}
