/** A load that leaves this machine: states it, and starts it only if the user permits it. */
import { formatRoughly } from '../report/shared/format.ts';
import { isLocal } from '../scenario/local-hosts.ts';
import { expectedMs, type Scenario, type ServerUnderTest } from '../scenario/scenario.ts';
import { portOf } from '../scenario/servers-under-test.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { Terminal } from './terminal.ts';

/** The hosts with their ports of all servers that are not on this machine, each once. */
export function remoteHosts(serversUnderTest: readonly ServerUnderTest[]): string[] {
  const hosts = serversUnderTest.flatMap((server) =>
    server.kind === 'url' && !isLocal(server)
      ? [`${new URL(server.url).hostname}:${portOf(server.url)}`]
      : [],
  );
  return [...new Set(hosts)];
}

/** States how much load goes where, and for how long. */
export function remoteLoadInWords(hosts: readonly string[], scenario: Scenario): string {
  const most = scenario.load.kind === 'search' ? ', and more until an expectation fails,' : '';
  const where = `${hosts.length > 1 ? 'each of ' : ''}${hosts.join(', ')}`;
  return `This sends ${scenario.streams} streams${most} from this machine to ${where} for ${formatRoughly(expectedMs(scenario, hosts.length))}.`;
}

/** A complaint for a start without a terminal, where nobody can answer. */
export const whyNotRemote = (hosts: readonly string[]): string[] =>
  hosts.map(
    (host) =>
      `${host}: is not on this machine, and its owner may not expect a load; if you may load it, add --allow-remote`,
  );

/**
 * Prints the load that leaves this machine, and asks for permission unless an option gave it.
 *
 * @returns whether the run may start
 */
export async function mayStart(
  hosts: readonly string[],
  scenario: Scenario,
  isAllowed: boolean,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (hosts.length === 0) return true;
  const load = terminalText(remoteLoadInWords(hosts, scenario));
  if (isAllowed) terminal.note(load);
  else if (!(await terminal.ask?.(`${load} Continue? [y/N] `, signal))) {
    terminal.essential('Nothing was sent. With --allow-remote, ssebench does not ask.');
    return false;
  }
  return true;
}
