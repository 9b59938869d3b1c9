/** A server under examination: where its stream is, and how to look at what it holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { attach, openSocketsOf, processesOn } from '../target/attach.ts';
import { createCensus } from './census.ts';
import { closeOwnInspector, openInspector, type Inspector } from '../target/inspect.ts';
import { startServer } from '../target/server.ts';
import { startCommand } from './command-process.ts';
import type { Held } from './held.ts';

export interface Subject {
  url: string;
  /** Everything that it holds; costs the server two collections. */
  look(): Promise<Held[]>;
  /** How many sockets it has open; `undefined` where the system does not say. */
  sockets(): number | undefined;
  /** Ends the session, and the server where we started it. */
  stop(): Promise<void>;
}

export interface SubjectSource {
  /** @throws where it cannot be started, reached, or looked into: with the reason, for a person */
  start(signal: AbortSignal, trace: boolean): Promise<Subject>;
  /** Whether it can be started anew, also with the probe that traces timers to their creation. */
  again: boolean;
}

/** What makes Node remember who created each timer. */
const probeArguments = ['--require', fileURLToPath(new URL('../target/probe/probe.cjs', import.meta.url))];
/** A short interval, so that nobody waits for events. */
const intervalMs = 50;
const connectPollMs = 50;

/** A server that keeps the contract of `servers/README.md`. */
export function referenceSource(file: string, cores: readonly number[] | undefined): SubjectSource {
  return {
    again: true,
    async start(signal, trace) {
      const server = await startServer(file, cores, signal, trace ? probeArguments : []);
      const inspector = await openInspector(server.inspectorUrl);
      return {
        url: `${server.origin}/event?interval=${intervalMs}`,
        look: lookInto(inspector, server.pid),
        sockets: () => openSocketsOf(server.pid),
        async stop() {
          inspector.close();
          await server.stop();
        },
      };
    },
  };
}

/** Any server that a command starts and that answers at a URL; whichever of its processes listens there is looked into. */
export function commandSource(command: readonly [string, ...string[]], url: string, readyWithinMs: number, cores: readonly number[] | undefined): SubjectSource {
  return {
    again: true,
    async start(signal, trace) {
      const started = startCommand(command, cores, trace ? probeArguments : []);
      try {
        const pid = await Promise.race([listener(url, readyWithinMs, signal), started.tooEarly]);
        const inspector = await openInspector((await attach(pid, signal)).url);
        return {
          url,
          look: lookInto(inspector, pid),
          sockets: () => openSocketsOf(pid),
          async stop() {
            inspector.close();
            await started.stop();
          },
        };
      } catch (error) {
        await started.stop();
        throw error;
      }
    },
  };
}

/** A server that runs already. It is left as it was, with its inspector closed. */
export function runningSource(pid: number, url: string): SubjectSource {
  return {
    again: false,
    async start(signal) {
      const { url: inspectorUrl, opened } = await attach(pid, signal);
      const inspector = await openInspector(inspectorUrl);
      return {
        url,
        look: lookInto(inspector, pid),
        sockets: () => openSocketsOf(pid),
        async stop() {
          if (opened) await closeOwnInspector(inspector);
          inspector.close();
        },
      };
    },
  };
}

/** @returns looks at what V8 knows of, and at the sockets that the system does */
function lookInto(inspector: Inspector, pid: number): Subject['look'] {
  const census = createCensus(inspector);
  return async () => {
    const held = await census();
    const sockets = openSocketsOf(pid);
    return sockets === undefined ? held : [...held, { kind: 'socket', what: 'open socket', place: undefined, library: undefined, traced: false, count: sockets }];
  };
}

/** Waits until a process listens at the URL's port. */
async function listener(url: string, withinMs: number, signal: AbortSignal): Promise<number> {
  const { port, protocol } = new URL(url);
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const deadlineMs = performance.now() + withinMs;
  while (performance.now() < deadlineMs) {
    const pids = processesOn(number);
    if (pids.length > 1) throw new Error(`${pids.length} processes share port ${number} (${pids.join(', ')}); start one of them alone, since each holds what is its own`);
    if (pids[0] !== undefined) return pids[0];
    await sleep(connectPollMs, undefined, { signal });
  }
  throw new Error(`nothing listens on port ${number} after ${withinMs / 1000} s; is it the port of the command? --ready-within gives it more time`);
}
