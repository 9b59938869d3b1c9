/**
 * `ssebench run --leak-check`: after the measurement, checks what each server did not release of
 * closed streams.
 */
import { readLeaksWords } from '../leaks/words.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import { valueOf, visible } from '../scenario/complaint.ts';
import type { ServerUnderTest } from '../scenario/scenario.ts';
import { called } from './invocation.ts';
import type { Terminal } from './terminal.ts';

/** @returns a complaint for each server that a run cannot inspect */
export function whyNoLeakCheck(serversUnderTest: readonly ServerUnderTest[]): string[] {
  return serversUnderTest.flatMap(({ kind, name }) =>
    kind === 'url'
      ? [
          `--leak-check: ${visible(name)} is a URL, and a leak check needs the server’s process; leave out --leak-check, and run ${called('leaks', `--url ${visible(name)} --pid <pid>`)}`,
        ]
      : [],
  );
}

/**
 * Checks reference servers as `ssebench leaks` does. If the signal is aborted, it ends early with
 * fewer verdicts.
 */
export async function checkForLeaks(
  servers: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ServerVerdict[]> {
  const { servers: toCheck, options } = valueOf(
    readLeaksWords({ servers, command: [], options: {}, headers: [], trace: false, probe: true }),
  );
  const { checkServer } = await import('../leaks/check-server.ts');
  const verdicts: ServerVerdict[] = [];
  for (const server of toCheck) {
    const verdict = await checkServer(server, options, signal, ({ about }, place) =>
      terminal.progress(
        `${server.name}: leak check, ${about} (${place + 1} of ${options.modes.length})`,
      ),
    );
    terminal.progress('');
    if (signal.aborted) {
      terminal.essential(
        `The leak check was interrupted: ${verdicts.length} of ${toCheck.length} servers were checked.`,
      );
      break;
    }
    if (!terminal.interactive) terminal.note(`${server.name}: leak check, ${verdict.state}`);
    verdicts.push(verdict);
  }
  return verdicts;
}
