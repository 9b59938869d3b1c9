/**
 * Opens the inspector of a running Node process. Since the inspector is a debugger, ssebench opens
 * it only on loopback and closes it afterwards. Linux only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { programBeside } from '../system/launch.ts';
import { openInspector, type Inspector } from './inspect.ts';
import { inspectorAddressAt } from './inspector-address.ts';
import type { InspectorOptions } from './inspector-options.ts';
import { createLifelines, type Lifeline, type Lifelines } from './lifelines.ts';
import { listenersOf, type Listener } from '../system/listeners.ts';
import { catchesSigusr1, optionsOf, whyNoSignal } from './may-signal.ts';
import { portsOf } from '../system/sockets.ts';

/** The input of the process that sends the signal. */
export interface OpenerTask {
  pid: number;
  /** The port of the stream, which is never an inspector's. */
  serverPort: number;
  /** Ports that the inspector may use, as far as the options say. */
  guarded: number[];
  /** `null` if the process ends with us. */
  lifeline: [port: number, token: string] | null;
}
export type FromOpener = { url: string } | { failed: string };

/** An inspector that was already open, or that we opened. */
export interface AttachedInspector {
  inspector: Inspector;
  /** Its address, for further sessions. */
  url: string;
  /** Where it listened before we came; `undefined` if we opened it. */
  openBefore: Listener | undefined;
  /** Ends the session. Also closes the inspector if it was closed before. */
  end(): Promise<void>;
}

const usualPort = 9229;
const lifelineWithinMs = 10_000;
const closesWithinMs = 2_000;
/** Time for a process that has just started to install its signal handler. */
const handlesWithinMs = 1_000;
const pollMs = 5;

/**
 * Finds the open inspector of a process, or makes the process open it, with SIGUSR1.
 *
 * @param serverPort the port of the stream, which is never tested for an inspector
 * @param endsWithUs whether we started the process, so that its inspector ends with it
 * @param signal stops waiting for the inspector
 * @throws with the reason, for people
 */
export async function attach(
  pid: number,
  serverPort: number,
  endsWithUs: boolean,
  signal: AbortSignal,
): Promise<AttachedInspector> {
  if (networkOf(pid) !== networkOf('self'))
    throw new Error(
      `process ${pid} runs in another network namespace, such as a container; run ssebench in there too`,
    );
  const options = optionsOf(pid);
  const open = await openAlready(pid, serverPort, options);
  if (open !== undefined) return attached(open.url, async () => {}, open.listener);
  // Deno listens before it can handle the signal.
  const endMs = performance.now() + handlesWithinMs;
  while (!catchesSigusr1(pid) && performance.now() < endMs)
    await sleep(pollMs, undefined, { signal });
  const refusal = whyNoSignal(pid, options, endsWithUs);
  if (refusal !== undefined)
    throw new Error(`${refusal}; --inspection outside works without the inspector`);
  signal.throwIfAborted();
  return attachBySignal(
    pid,
    serverPort,
    options,
    endsWithUs ? undefined : await createLifelines(),
    signal,
  );
}

/**
 * The same for a process with the preload, which opens its inspector at our address without a
 * signal.
 */
export async function attachByLifeline(lifeline: Lifeline): Promise<AttachedInspector> {
  return attached(await lifeline.openInspector(), async () => lifeline.close());
}

/** The session must end first, so that the closing inspector is not busy with it. */
async function attached(
  url: string,
  close: () => Promise<void>,
  openBefore?: Listener,
): Promise<AttachedInspector> {
  const inspector = await openInspector(url);
  return {
    inspector,
    url,
    openBefore,
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
      {
        failed:
          'the helper process that opens the inspector ended unexpectedly; run the check again',
      },
    ]);
    const [answer] = (await Promise.race([once(opener, 'message', { signal }), ended])) as [
      FromOpener,
    ];
    if ('failed' in answer) throw new Error(answer.failed);
    if (lifelines && (await lifelines.of(pid, lifelineWithinMs, signal)) === undefined) {
      throw new Error(
        `process ${pid} did not connect to ssebench within ${lifelineWithinMs / 1000} s. Its inspector could stay open if ssebench were killed. The process is busy, or has no permission for the network; --inspection outside works without the inspector`,
      );
    }
    return await attached(answer.url, async () => {
      lifelines?.close();
      if (lifelines) await untilClosed(pid, Number(new URL(answer.url).port));
    });
  } catch (error) {
    lifelines?.close(); // closes the inspector, even one that opens only now
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
 * The address of an inspector that is already open. Only ports that the options name are tested.
 * Ports on the event loop of the stream are not: a server may serve a stream on any path of any of
 * its ports.
 */
async function openAlready(
  pid: number,
  serverPort: number,
  options: InspectorOptions,
): Promise<{ url: string; listener: Listener } | undefined> {
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
    if (url !== undefined) return { url, listener };
  }
  return undefined;
}

/** Identifies the network of a process; empty if the system does not report it. */
function networkOf(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}
