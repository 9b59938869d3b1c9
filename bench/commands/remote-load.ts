/** A load that leaves this machine: states it, and starts it only if the user permits it. */
import { formatRoughly } from '../report/shared/format.ts';
import { isLocal } from '../scenario/local-hosts.ts';
import { expectedMs, type Scenario, type ServerUnderTest } from '../scenario/scenario.ts';
import { portOf } from '../scenario/servers-under-test.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { Terminal } from './terminal.ts';

/** The host with its port of each server that is not on this machine. Servers may share a host. */
export const remoteHosts = (serversUnderTest: readonly ServerUnderTest[]): string[] =>
  serversUnderTest.flatMap((server) =>
    server.kind === 'url' && !isLocal(server)
      ? [`${new URL(server.url).hostname}:${portOf(server.url)}`]
      : [],
  );

const eachOnce = (hosts: readonly string[]) => [...new Set(hosts)];

/** States how much load goes where, and for how long. */
export function remoteLoadInWords(hosts: readonly string[], scenario: Scenario): string {
  const { streams, slowReaders, remainingStreams, load } = scenario;
  const most = load.kind === 'search' ? ', and more until an expectation fails,' : '';
  const [one, ...others] = eachOnce(hosts);
  const where =
    others.length === 0 ? one : `each of ${[one, ...others].join(', ')}, one after another,`;
  const time = formatRoughly(expectedMs(scenario, hosts.length));
  return `This sends ${streams + slowReaders + remainingStreams} streams${most} from this machine to ${where} for ${time}${others.length === 0 ? '' : ' in all'}.`;
}

/** A complaint for a start without a terminal, where nobody can answer. */
export const whyNotRemote = (hosts: readonly string[]): string[] =>
  eachOnce(hosts).map(
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
