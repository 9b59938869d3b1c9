/**
 * `ssebench run --leak-check`: after the measurement, checks what each server did not release of
 * closed streams.
 */
import { readLeaksWords } from '../leaks/request/leaks-words.ts';
import type { ServerSpec } from '../leaks/checked-server/checked-server.ts';
import { withRequest } from '../leaks/request/read-check-options.ts';
import type { LeaksRequest } from '../leaks/request/request.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import { valueOf, visible } from '../scenario/complaint.ts';
import { hasProcess, type OwnProcess, type ServerUnderTest } from '../scenario/scenario.ts';
import { leaderOf, workersOf } from '../system/cluster.ts';
import { progressText } from './leaks-progress.ts';
import { whyNoLeaksOn } from './platform.ts';
import { listenerOf } from './ports.ts';
import type { Terminal } from './terminal.ts';

/**
 * @param isCluster whether the process that serves a URL is part of a cluster
 * @returns a complaint for each server that a run cannot inspect
 */
export function whyNoLeakCheck(
  serversUnderTest: readonly ServerUnderTest[],
  isCluster = (pid: number, url: string) => workersOf(leaderOf(listenerOf(pid, url))).length > 0,
): string[] {
  const reason = whyNoLeaksOn(process.platform);
  if (reason !== undefined) return [`--leak-check: ${reason}`];
  return serversUnderTest.flatMap((server) => {
    const shown = `--leak-check: ${visible(server.name)}`;
    if (!hasProcess(server))
      return [
        `${shown} is a URL, and a leak check needs the server’s process; leave it out, or give the server by --url, with --pid or with its command after --`,
      ];
    return server.kind === 'url' &&
      server.process?.kind === 'pid' &&
      isCluster(server.process.pid, server.url)
      ? [
          `${shown} is a cluster (node:cluster), which a leak check inspects only if ssebench starts it; leave out --leak-check, or give the command after -- instead of --pid`,
        ]
      : [];
  });
}

/**
 * Checks servers as `ssebench leaks` does, except those without a known process. If the signal is
 * aborted, it ends early with fewer verdicts, but keeps each leak that it has found.
 */
export async function checkForLeaks(
  serversUnderTest: readonly ServerUnderTest[],
  serverProcesses: number,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ServerVerdict[]> {
  const toCheck = serversUnderTest
    .filter(hasProcess)
    .map((server) => requestFor(server, serverProcesses));
  const { checkServer } = await import('../leaks/check-server.ts');
  const verdicts: ServerVerdict[] = [];
  for (const { server, options } of toCheck) {
    const verdict = await checkServer(server, options, signal, {
      progress: (at) =>
        terminal.progress(`${server.name}: leak check, ${progressText(at, options.modes.length)}`),
    });
    terminal.progress('');
    if (signal.aborted) {
      terminal.essential(
        `The leak check was interrupted: ${verdicts.length} of ${toCheck.length} servers were checked.`,
      );
      if (verdict.state === 'leaking') verdicts.push(verdict);
      break;
    }
    if (!terminal.interactive) terminal.note(`${server.name}: leak check, ${verdict.state}`);
    verdicts.push(verdict);
  }
  return verdicts;
}

/** The check of one server, with the usual options of `ssebench leaks`. */
function requestFor(
  serverUnderTest: ServerUnderTest,
  serverProcesses: number,
): {
  server: LeaksRequest['servers'][number];
  options: LeaksRequest['options'];
} {
  const { kind, name } = serverUnderTest;
  const words = { command: [], options: {}, trace: false, probe: true };
  if (kind === 'reference') {
    const { servers, options } = valueOf(readLeaksWords({ ...words, servers: [name] }));
    const { spec, ...others } = servers[0]!;
    const processes = spec.kind === 'reference' ? { processes: serverProcesses } : {};
    return { server: { ...others, spec: { ...spec, ...processes } }, options };
  }
  const { url, process, request } = serverUnderTest;
  const { options } = valueOf(readLeaksWords({ ...words, servers: [] }));
  return {
    server: { name, spec: specOf(url, request.socketPath, process!) },
    options: { ...options, ...withRequest(request) },
  };
}

const specOf = (url: string, socketPath: string | null, process: OwnProcess): ServerSpec =>
  process.kind === 'pid'
    ? { kind: 'process', pid: listenerOf(process.pid, url), url }
    : { ...process, url, socketPath };
