/** `findLeaks`, the function. */
import { catalog, type ReferenceServerName } from '../../servers/catalog.ts';
import { haveServers } from '../commands/install-servers.ts';
import { checkServer } from '../leaks/check-server.ts';
import { readLeaksSettings, type LeaksSettings } from '../leaks/settings.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import { BadInput } from '../scenario/complaint.ts';
import type { DisconnectModeName } from '../scenario/disconnect-modes.ts';
import { appOf, type App } from '../scenario/own-servers/app.ts';
import type { Url } from './config.ts';
import { guardCalls } from './guard-calls.ts';
import { quietTerminal } from './quiet-terminal.ts';

/** See `findLeaks` of the package. */
export async function findLeaks(
  app: ReferenceServerName | Url | App,
  settings: LeaksSettings = {},
): Promise<ServerVerdict> {
  const read = readLeaksSettings(isReference(app) ? app : appOf(app), settings);
  if (!read.ok) throw new BadInput(read.complaints.map(terminalText));
  const { servers, options } = read.value;
  const { onProgress } = settings;
  const { signal, guarded, rethrow } = guardCalls(settings.signal);
  if (isReference(app)) await haveServers([app], quietTerminal(), signal);
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
  return verdict;
}

const isReference = (app: unknown): app is ReferenceServerName =>
  typeof app === 'string' && Object.hasOwn(catalog, app);
