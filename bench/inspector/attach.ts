/** Opens the inspector of a Node process that runs already: on loopback only, since it is a debugger, and for as long as we are there. Linux. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { programBeside } from '../system/launch.ts';
import { openInspector, type Inspector } from './inspect.ts';
import { inspectorAddressAt } from './inspector-address.ts';
import type { InspectorOptions } from './inspector-options.ts';
import { createLifelines, type Lifeline, type Lifelines } from './lifelines.ts';
import { listenersOf } from '../system/listeners.ts';
import { catchesSigusr1, optionsOf, whyNoSignal } from './may-signal.ts';
import { portsOf } from '../system/sockets.ts';

/** What the process that sends the signal needs to know. */
export interface OpenerTask {
  pid: number;
  /** Of the stream, which is no inspector's. */
  serverPort: number;
  /** Ports that the inspector may take, so far as the options say. */
  guarded: number[];
  /** `null` where the process ends with us. */
  lifeline: [port: number, token: string] | null;
}
export type FromOpener = { url: string } | { failed: string };

/** An inspector that was found, or opened. */
export interface AttachedInspector {
  inspector: Inspector;
  /** Ends the session, and closes the inspector again if it was closed before. */
  end(): Promise<void>;
}

const usualPort = 9229;
const lifelineWithinMs = 5_000;
const closesWithinMs = 2_000;
/** For a process that has just started to handle the signal. */
const handlesWithinMs = 1_000;
const pollMs = 5;

/**
 * Finds the inspector of a process, or has the process open it, by SIGUSR1.
 *
 * @param serverPort where the process has its stream: that is never asked whether it is an inspector
 * @param endsWithUs whether we started the process: then its inspector ends with it
 * @param signal gives up waiting for it
 * @throws with the reason, for a person
 */
export async function attach(
  pid: number,
  serverPort: number,
  endsWithUs: boolean,
  signal: AbortSignal,
): Promise<AttachedInspector> {
  if (networkOf(pid) !== networkOf('self'))
    throw new Error(
      `process ${pid} is in another network namespace, such as a container; run ssebench in there too`,
    );
  const options = optionsOf(pid);
  const open = await openAlready(pid, serverPort, options);
  if (open !== undefined) return attached(await openInspector(open), async () => {});
  // Deno listens before it can take the signal.
  const endMs = performance.now() + handlesWithinMs;
  while (!catchesSigusr1(pid) && performance.now() < endMs)
    await sleep(pollMs, undefined, { signal });
  const refusal = whyNoSignal(pid, options, endsWithUs);
  if (refusal !== undefined) throw new Error(`${refusal}; --look outside asks nothing of it`);
  signal.throwIfAborted();
  return attachBySignal(
    pid,
    serverPort,
    options,
    endsWithUs ? undefined : await createLifelines(),
    signal,
  );
}

/** The same for a process that has the preload: it opens its inspector where we want it, without a signal. */
export async function attachByLifeline(lifeline: Lifeline): Promise<AttachedInspector> {
  return attached(await openInspector(await lifeline.openInspector()), async () =>
    lifeline.close(),
  );
}

/** The session ends first: an inspector that closes must not be busy with it. */
function attached(inspector: Inspector, close: () => Promise<void>): AttachedInspector {
  return {
    inspector,
    async end() {
      await inspector.close();
      await close();
    },
  };
}

async function attachBySignal(
  pid: number,
  serverPort: number,
  { port }: InspectorOptions,
  lifelines: Lifelines | undefined,
  signal: AbortSignal,
): Promise<AttachedInspector> {
  const [ourPort, token] = lifelines?.key.split(':') ?? [];
  const opener = spawn(process.execPath, [programBeside(import.meta.url, 'opener-process')], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const guarded = [...new Set([usualPort, port])].filter((each) => each > 0);
    opener.send({
      pid,
      serverPort,
      guarded,
      lifeline: token === undefined ? null : [Number(ourPort), token],
    } satisfies OpenerTask);
    const ended = once(opener, 'exit', { signal }).then((): [FromOpener] => [
      { failed: 'the process that should open the inspector ended' },
    ]);
    const [answer] = (await Promise.race([once(opener, 'message', { signal }), ended])) as [
      FromOpener,
    ];
    if ('failed' in answer) throw new Error(answer.failed);
    if (lifelines && (await lifelines.of(pid, lifelineWithinMs, signal)) === undefined) {
      throw new Error(
        `process ${pid} did not connect to ssebench within ${lifelineWithinMs / 1000} s, by which it notices when to close its inspector: it is busy, or may not use the network; --look outside asks nothing of it`,
      );
    }
    return attached(await openInspector(answer.url), async () => {
      lifelines?.close();
      if (lifelines) await untilClosed(pid, Number(new URL(answer.url).port));
    });
  } catch (error) {
    lifelines?.close(); // closes the inspector, also one that opens only now
    throw error;
  } finally {
    if (opener.connected) opener.disconnect();
    opener.unref();
  }
}

async function untilClosed(pid: number, port: number) {
  const endMs = performance.now() + closesWithinMs;
  while (portsOf(pid).includes(port) && performance.now() < endMs) await sleep(pollMs);
}

/**
 * The address of an inspector that was open before. Only a port that the options name is asked, and none that the event loop
 * of the stream has: a server may stream on any path of any of its ports.
 */
async function openAlready(
  pid: number,
  serverPort: number,
  options: InspectorOptions,
): Promise<string | undefined> {
  const listeners = listenersOf(pid);
  const serverLoops = new Set(
    listeners.flatMap(({ port, loops }) => (port === serverPort ? loops : [])),
  );
  const isNamed = (port: number) =>
    port === usualPort || port === options.port || (options.port === 0 && serverLoops.size > 0);
  for (const listener of listeners) {
    const { port, loops } = listener;
    if (port === serverPort || !isNamed(port) || loops.some((loop) => serverLoops.has(loop)))
      continue;
    const url = await inspectorAddressAt(listener);
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Names the network of a process; nothing where the system does not say. */
function networkOf(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}
