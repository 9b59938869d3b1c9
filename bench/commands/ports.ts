/** The ports of the servers that ssebench starts: no other process may listen on them. */
import { visible } from '../scenario/complaint.ts';
import type { ServerUnderTest, UrlUnderTest } from '../scenario/scenario.ts';
import { isOnThisMachine, portOf } from '../scenario/servers-under-test.ts';
import { processesOn } from '../system/sockets.ts';

/**
 * Commands may share a port, because only one of them runs at a time.
 *
 * @param listening the processes that listen on a port
 * @returns a complaint for each command whose port another server or process uses
 */
export function whyNoPorts(
  serversUnderTest: readonly ServerUnderTest[],
  listening: (port: number) => readonly number[] = processesOn,
): string[] {
  const urls = serversUnderTest.filter((server) => server.kind === 'url');
  const isStarted = ({ process }: UrlUnderTest) => process?.kind === 'command';
  const running = urls.filter(
    (server) => !isStarted(server) && isOnThisMachine(new URL(server.url)),
  );
  const started = urls.filter((server) => isStarted(server) && server.request.socketPath === null);
  return started.flatMap(({ name, url }) => {
    const port = portOf(url);
    const other = running.find((server) => portOf(server.url) === port);
    if (other !== undefined)
      return [
        `${visible(name)}: ${visible(other.name)} already uses port ${port}, so the command cannot listen on it; give one of them another port`,
      ];
    const [pid] = listening(port);
    return pid === undefined
      ? []
      : [
          `${visible(name)}: port ${port} is in use by process ${pid}; end that process, or measure it with --pid ${pid} instead of a command`,
        ];
  });
}
