/**
 * Chooses the cores for the load when somebody else started the servers, and the notes to print
 * before the start.
 */
import { terminalText } from '../report/shared/escape.ts';
import { runningUrls, type ServerUnderTest } from '../scenario/scenario.ts';
import { isOnThisMachine, portOf } from '../scenario/servers-under-test.ts';
import { coresOf, placeBeside, placement, type Placement } from '../system/cores.ts';
import { processesOn } from '../system/sockets.ts';

/**
 * @returns the placement, and a note for each local URL whose server can share a core with the load
 */
export function placeFor(serversUnderTest: readonly ServerUnderTest[]): {
  cores: Placement | undefined;
  notes: string[];
} {
  const usual = placement();
  const urls = runningUrls(serversUnderTest).map(({ name, url, process }) => ({
    name,
    url: new URL(url),
    given: process?.kind === 'pid' ? [process.pid] : [],
  }));
  if (!usual || urls.length === 0) return { cores: usual, notes: [] };
  const here = urls
    .filter(({ url }) => isOnThisMachine(url))
    .map(({ name, url, given }) => ({
      name,
      pids: [...new Set([...given, ...processesOn(portOf(url.href))])],
    }));
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
