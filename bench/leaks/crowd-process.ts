/** Crowds of clients, in a process of their own: it serves one after the other, until it is killed as a way to leave. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../deadline.ts';
import { exitOf, launch, programBeside, type Exit } from '../launch.ts';
import { placement } from '../target/cores.ts';
import type { CrowdReport, CrowdTask, FromCrowd } from './crowd-task.ts';

export interface Crowds {
  /**
   * Resolves when all clients have left; where they leave with their process, when that has ended.
   *
   * @throws where they do not come to an end
   */
  send(task: CrowdTask): Promise<CrowdReport>;
  end(): Promise<void>;
}

/** What a crowd may take beyond its patience: to start, to connect, to leave. */
const graceMs = 20_000;

export function createCrowds(signal: AbortSignal): Crowds {
  const file = programBeside(import.meta.url, 'crowd');
  const start = () => {
    const child = launch([process.execPath, file], { cores: placement()?.load, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return { child, exited: exitOf(child) };
  };
  let current: { child: ChildProcess; exited: Promise<Exit> } | undefined;

  async function end() {
    const ending = current;
    current = undefined;
    ending?.child.kill('SIGKILL');
    await ending?.exited;
  }
  return {
    async send(task) {
      const { child, exited } = (current ??= start());
      child.send(task);
      const answer = Promise.race([
        once(child, 'message').then(([message]) => (message as FromCrowd).report),
        exited.then(({ code, signal: by }): never => {
          throw new Error(`the clients’ process ended: ${by ?? `exit code ${code}`}`);
        }),
      ]);
      const report = await within(task.patienceMs + graceMs, 'the clients did not come to an end', answer, signal);
      if (task.leave.how === 'kill') await end();
      return report;
    },
    end,
  };
}
