/** The process of a user's server that already runs. ssebench leaves it running. */
import type { Exit } from '../system/launch.ts';
import { familyOf, identityOf, isSame } from '../system/processes.ts';
import { watchTree } from '../system/process-tree.ts';
import type { OwnServerProcess } from './own-process.ts';
import { ServerFailure } from './server-failure.ts';

const pollMs = 250;

/**
 * @param origin of its URL
 * @throws ServerFailure if there is no such process
 */
export function openOwnPid(pid: number, origin: string): OwnServerProcess {
  const identity = identityOf(pid);
  if (identity === undefined)
    throw new ServerFailure(
      `there is no process ${pid}; give the pid of the running server`,
      undefined,
      [],
    );
  const { promise: exited, resolve } = Promise.withResolvers<Exit | undefined>();
  const watch = setInterval(() => {
    if (isSame(identity, identityOf(pid))) return;
    clearInterval(watch);
    resolve(undefined);
  }, pollMs).unref();
  const processes = () => familyOf([identity]);
  const refuse = () =>
    new Error(`ssebench did not start process ${pid}, so it does not stop or restart it`);
  return {
    pid,
    origin,
    processes,
    lifelines: undefined,
    glance: watchTree(processes),
    exited,
    stderrTail: () => [],
    endStreams() {
      throw refuse();
    },
    restart: () => Promise.reject(refuse()),
    shutDown: () => Promise.reject(refuse()),
    async stop() {
      clearInterval(watch);
    },
  };
}
