/** `findLeaks`, the function. */
import { catalog, type ReferenceServerName } from '../../servers/catalog.ts';
import { haveServers } from '../commands/install-servers.ts';
import { checkServer } from '../leaks/check-server.ts';
import { readLeaksSettings, type LeaksSettings } from '../leaks/request/settings.ts';
import { terminalText } from '../report/shared/escape.ts';
import { leaksCiTexts } from '../report/ci/texts.ts';
import { exitCodes, unlessUnsaved, type ExitCode } from '../result/exit-codes.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import { BadInput, complaintsOf } from '../scenario/complaint.ts';
import type { DisconnectModeName } from '../scenario/disconnect-modes.ts';
import { appOf, type App } from '../scenario/own-servers/app.ts';
import { exitCodeOfLeaks } from '../verdict/exit-code.ts';
import { readCiSettings, writeCiFiles } from './ci-files.ts';
import type { Url } from './config.ts';
import { guardCalls } from './guard-calls.ts';
import { quietTerminal } from './quiet-terminal.ts';

/** The verdict on a server, as `ssebench leaks --json` lists it. */
export interface LeaksOutcome extends ServerVerdict {
  /** The exit code of `ssebench leaks`; 0 for a clean server. 130 after an abort without a leak. */
  exitCode: ExitCode;
}

/** See `findLeaks` of the package. */
export async function findLeaks(
  app: ReferenceServerName | Url | App,
  settings: LeaksSettings = {},
): Promise<LeaksOutcome> {
  const read = readLeaksSettings(isReference(app) ? app : appOf(app), settings);
  const files = readCiSettings(settings, 'results/leaks');
  if (!read.ok || !files.ok) throw new BadInput(complaintsOf(read, files).map(terminalText));
  const { servers, options } = read.value;
  const { onProgress } = settings;
  const { signal, guarded, rethrow } = guardCalls(settings.signal);
  if (isReference(app)) await haveServers([app], quietTerminal(), signal);
  const startedAt = new Date().toISOString();
  const verdict = await checkServer(servers[0]!, options, signal, {
    progress: guarded(({ mode: { name, about }, place, rounds, held }) =>
      onProgress?.({
        mode: name as DisconnectModeName,
        about,
        number: place + 1,
        of: options.modes.length,
        rounds,
        held,
      }),
    ),
  });
  rethrow();
  const texts = leaksCiTexts({ schemaVersion: 2, startedAt, servers: [verdict] }, signal.aborted);
  const areWritten = writeCiFiles(files.value, texts);
  const code = exitCodeOfLeaks([verdict]);
  // Findings count even after an abort.
  const isCut = signal.aborted && code !== exitCodes.leaking;
  return {
    ...verdict,
    exitCode: isCut ? exitCodes.interrupted : unlessUnsaved(code, areWritten),
  };
}

const isReference = (app: unknown): app is ReferenceServerName =>
  typeof app === 'string' && Object.hasOwn(catalog, app);
