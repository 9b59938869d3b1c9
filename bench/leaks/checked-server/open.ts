/** Opens a server for a check: starts it, or finds the running one, and inspects it. */
import { inspectOwn, inspectRunning } from './running.ts';
import type { ServerSpec, CheckedServer, StartOptions } from './checked-server.ts';
import { startCommanded, startReference } from './start.ts';

/** The server did not start or could not be inspected, so there is no verdict. */
export class CannotInspect extends Error {}

/** @throws CannotInspect with a reason for the user */
export async function openCheckedServer(
  spec: ServerSpec,
  options: StartOptions,
): Promise<CheckedServer> {
  try {
    if (process.platform !== 'linux' && spec.kind !== 'own') {
      throw new Error(
        'a server in another process can be checked only on Linux, because its counts come from /proc; run the check in a container or a CI job with Linux',
      );
    }
    return await open(spec, options);
  } catch (error) {
    throw new CannotInspect((error as Error).message);
  }
}

function open(spec: ServerSpec, options: StartOptions): Promise<CheckedServer> {
  switch (spec.kind) {
    case 'reference':
      return startReference(spec, options);
    case 'command':
      return startCommanded(spec, options);
    case 'process':
      return inspectRunning(spec, options);
    case 'own':
      return inspectOwn(spec);
  }
}
