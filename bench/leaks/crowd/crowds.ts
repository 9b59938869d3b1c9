/**
 * Runs crowds of clients in a separate process. The process serves one crowd after another, until a
 * disconnect mode kills it.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../system/deadline.ts';
import { exitOf, launch, programBeside, type Exit } from '../../system/launch.ts';
import { staysConnected, type CrowdReport, type CrowdTask, type ToCrowd } from './task.ts';

export interface Crowds {
  /**
   * Resolves when all clients have disconnected. In modes that kill the clients' process, resolves
   * when the process has ended.
   *
   * @param meanwhile called when all clients have seen what they wait for. In modes in which they
   * stay, they disconnect only after it has resolved.
   * @throws if the crowd does not finish in time
   */
  send(
    task: Omit<CrowdTask, 'firstStream'>,
    meanwhile?: (visiting: CrowdReport) => Promise<void>,
  ): Promise<CrowdReport>;
  end(): Promise<void>;
}

interface CrowdProcess {
  child: ChildProcess;
  exited: Promise<Exit>;
}

/** Time a crowd may take in addition to its patience: to start, to connect and to disconnect. */
const graceMs = 20_000;

export function createCrowds(signal: AbortSignal): Crowds {
  const file = programBeside(import.meta.url, 'process');
  const start = (): CrowdProcess => {
    const child = launch([process.execPath, file], {
      cores: undefined,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return { child, exited: exitOf(child) };
  };
  let current: CrowdProcess | undefined;
  let firstStream = 0;

  async function end() {
    const ending = current;
    current = undefined;
    ending?.child.kill('SIGKILL');
    await ending?.exited;
  }
  return {
    async send(task, meanwhile) {
      const crowd = (current ??= start());
      const ask = async (request: ToCrowd) => {
        crowd.child.send(request);
        const withinMs = task.patienceMs + graceMs;
        const message = `the clients did not finish within ${withinMs / 1000} s`;
        return within(withinMs, message, answerOf(crowd), signal);
      };
      const report = await ask({ type: 'visit', task: { ...task, firstStream } });
      firstStream += task.streams;
      await meanwhile?.(report);
      if (task.mode.closeMethod === 'kill') await end();
      else if (staysConnected(task.mode)) return ask({ type: 'disconnect' });
      return report;
    },
    end,
  };
}

function answerOf({ child, exited }: CrowdProcess): Promise<CrowdReport> {
  return Promise.race([
    once(child, 'message').then(([report]) => report as CrowdReport),
    exited.then(({ code, signal: by }): never => {
      throw new Error(
        `the process of the clients ended unexpectedly: ${by ?? `exit code ${code}`}`,
      );
    }),
  ]);
}
