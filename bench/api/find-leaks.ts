/** `findLeaks`, the function. */
import { catalog, type ReferenceServerName } from '../../servers/catalog.ts';
import { haveServers } from '../commands/install-servers.ts';
import { checkServer } from '../leaks/check-server.ts';
import { readLeaksSettings, type LeaksSettings } from '../leaks/settings.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import { BadInput } from '../scenario/complaint.ts';
import type { DisconnectModeName } from '../scenario/disconnect-modes.ts';
import type { App } from '../scenario/own-servers/app.ts';
import { quietTerminal } from './quiet-terminal.ts';

/** See `findLeaks` of the package. */
export async function findLeaks(
  app: string | App,
  settings: LeaksSettings = {},
): Promise<ServerVerdict> {
  const read = readLeaksSettings(isReference(app) ? app : appOf(app), settings);
  if (!read.ok) throw new BadInput(read.complaints.map(terminalText));
  const { servers, options } = read.value;
  const { signal = new AbortController().signal, onProgress } = settings;
  if (isReference(app)) await haveServers([app], quietTerminal(), signal);
  return checkServer(servers[0]!, options, signal, {
    progress: ({ mode: { name, about }, place, rounds, held }) =>
      onProgress?.({
        mode: name as DisconnectModeName,
        about,
        number: place + 1,
        of: options.modes.length,
        rounds,
        held,
      }),
  });
}

const appOf = (app: string | App): App => (typeof app === 'string' ? { url: app } : app);
const isReference = (app: unknown): app is ReferenceServerName =>
  typeof app === 'string' && Object.hasOwn(catalog, app);
