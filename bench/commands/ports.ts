/** The ports of own servers: who must listen on them, and who must not. */
import { visible } from '../scenario/complaint.ts';
import type { ServerUnderTest, UrlUnderTest } from '../scenario/scenario.ts';
import { isOnThisMachine, portOf } from '../scenario/servers-under-test.ts';
import { leaderOf } from '../system/cluster.ts';
import { descendantsOf } from '../system/processes.ts';
import { processesOn } from '../system/sockets.ts';

/** The processes of this machine. */
export interface Processes {
  /** The pids of all processes that listen on a port. */
  on(port: number): readonly number[];
  /** The pids of all descendants of a process. */
  from(pid: number): readonly number[];
  /** The primary of a worker of a cluster; any other process leads itself. */
  leaderOf(pid: number): number;
}

const ofThisMachine: Processes = {
  on: processesOn,
  from: (pid) => descendantsOf(pid).map((descendant) => descendant.pid),
  leaderOf,
};

/**
 * Commands may share a port, because only one of them runs at a time.
 *
 * @returns a complaint for each command whose port is in use, and for each pid that does not listen
 * on its port
 */
export function whyNoPorts(
  serversUnderTest: readonly ServerUnderTest[],
  processes = ofThisMachine,
): string[] {
  const here = serversUnderTest.filter(
    (server): server is UrlUnderTest =>
      server.kind === 'url' &&
      server.request.socketPath === null &&
      (server.process?.kind === 'command' || isOnThisMachine(new URL(server.url))),
  );
  const running = here.filter(({ process }) => process?.kind !== 'command');
  return here.flatMap((server) => {
    const { name, url, process } = server;
    const port = portOf(url);
    const why = {
      command: () => whyNoFreePort(port, running, processes),
      pid: () => process?.kind === 'pid' && whyNotItsPort(process.pid, port, processes),
      outside: () => undefined,
    }[process?.kind ?? 'outside']();
    return why ? [`${visible(name)}: ${why}`] : [];
  });
}

function whyNoFreePort(
  port: number,
  running: readonly UrlUnderTest[],
  { on }: Processes,
): string | undefined {
  const other = running.find((server) => portOf(server.url) === port);
  if (other !== undefined)
    return `${visible(other.name)} already uses port ${port}, so the command cannot listen on it; give one of them another port`;
  const [pid] = on(port);
  return pid === undefined
    ? undefined
    : `port ${port} is in use by process ${pid}; end that process, or measure it with --pid ${pid} instead of a command`;
}

/** @returns `undefined` also if another process of the same server listens */
function whyNotItsPort(
  pid: number,
  port: number,
  { on, from, leaderOf: leader }: Processes,
): string | undefined {
  if (leader(pid) !== pid)
    return `process ${pid} is a worker of a cluster (node:cluster), and the other workers serve streams too; give the primary, --pid ${leader(pid)}`;
  const pids = on(port);
  if (pids.length === 0)
    return `process ${pid} does not listen on port ${port}; check the port of the URL, or start the server first`;
  const known = new Set([pid, ...from(pid)]);
  return pids.some((each) => known.has(each))
    ? undefined
    : `port ${port} belongs to process ${pids[0]}, and not to process ${pid}; give --pid ${pids[0]}`;
}

/**
 * @returns a complaint for each given process that does not listen on the port of its URL; another
 * server would be checked then
 */
export const whyNotListening = (
  servers: readonly {
    name: string;
    endpoint: Pick<UrlUnderTest, 'url' | 'request'>;
    process: UrlUnderTest['process'];
  }[],
  processes = ofThisMachine,
): string[] =>
  whyNoPorts(
    servers.flatMap(({ name, endpoint: { url, request }, process }) =>
      process?.kind === 'pid'
        ? { kind: 'url' as const, name, url, intervalMs: null, request, process }
        : [],
    ),
    processes,
  );

/**
 * The process that listens on the port of a URL: the given one, or one that it has started, such as
 * the server behind a package manager.
 */
export function listenerOf(
  given: number,
  url: string,
  { on, from }: Processes = ofThisMachine,
): number {
  const pids = on(portOf(url));
  return pids.includes(given) ? given : (from(given).find((pid) => pids.includes(pid)) ?? given);
}
