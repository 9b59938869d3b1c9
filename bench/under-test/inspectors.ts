/**
 * The inspectors of a server's processes. A server that is neither Node nor Deno, or that refuses
 * the inspector, is measured without it.
 */
import { attach } from '../inspector/attach.ts';
import { openInspector, type Inspector } from '../inspector/inspect.ts';
import type { Lifelines } from '../inspector/lifelines.ts';
import { isNodeOrDeno, programOf } from '../inspector/may-signal.ts';

export interface Inspectors {
  /** Why there are none; empty if every process has one. */
  why: string;
  /**
   * Asks all processes at once. It opens sessions only for the question, because a process with an
   * open session does not end.
   *
   * @returns no answer if there are no inspectors
   */
  ask<Answer>(
    question: (inspectors: readonly Inspector[]) => Promise<Answer>,
  ): Promise<Answer | undefined>;
  /** Closes the inspectors that were opened for us. */
  end(): Promise<void>;
}

/** A process whose inspector is open, or opens when it is needed. */
interface Inspected {
  open(): Promise<Inspector>;
  end(): Promise<void>;
}

export interface InspectorOptions {
  /** The port of the stream, which is never an inspector's. */
  serverPort: number;
  /** Where processes connect to that ssebench started; `undefined` if it started none. */
  lifelines: Lifelines | undefined;
  signal: AbortSignal;
}

/** A worker of a cluster may still be starting. */
const connectsWithinMs = 10_000;
/** An option of `ssebench leaks`, which does without the inspector only if it is asked to. */
const hint = /[;.] --inspection outside works without the inspector$/;
/** A message about the inspector, for other commands than `ssebench leaks`. */
export const withoutHint = (message: string): string => message.replace(hint, '');

/** Opens the inspectors of all these processes, or of none. */
export async function inspectorsOf(
  pids: readonly number[],
  options: InspectorOptions,
): Promise<Inspectors> {
  const foreign = pids.map(programOf).find((name) => name !== undefined && !isNodeOrDeno(name));
  if (foreign !== undefined) return without(`${foreign} is neither Node nor Deno`);
  const tried = await Promise.allSettled(pids.map((pid) => inspected(pid, options)));
  const opened = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = tried.find((one) => one.status === 'rejected');
  const end = async () => void (await Promise.all(opened.map((one) => one.end())));
  if (failed === undefined) return { why: '', ask: (question) => askAll(opened, question), end };
  await end();
  options.signal.throwIfAborted();
  return without(withoutHint((failed.reason as Error).message));
}

/** For a server without inspectors. @param why the reason, for people */
export const without = (why: string): Inspectors => ({
  why,
  ask: async () => undefined,
  end: async () => {},
});

/** Asks all processes at once, each in a session that is opened for the question. */
export async function askAll<Answer>(
  opened: readonly Pick<Inspected, 'open'>[],
  question: (inspectors: readonly Inspector[]) => Promise<Answer>,
): Promise<Answer> {
  const sessions = await Promise.allSettled(opened.map(({ open }) => open()));
  const inspectors = sessions.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = sessions.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason as Error;
    return await question(inspectors);
  } finally {
    for (const inspector of inspectors) void inspector.close();
  }
}

async function inspected(
  pid: number,
  { serverPort, lifelines, signal }: InspectorOptions,
): Promise<Inspected> {
  const connects = programOf(pid) !== 'deno' && lifelines?.isExpected(pid) === true;
  const lifeline = connects ? await lifelines.of(pid, connectsWithinMs, signal) : undefined;
  if (lifeline) {
    // The address does not change. A busy process would not answer in time if it were asked again.
    const url = await lifeline.openInspector();
    return { open: () => openInspector(url), end: async () => lifeline.close() };
  }
  const { inspector, url, end } = await attach(pid, serverPort, lifelines !== undefined, signal);
  await inspector.close();
  return { open: () => openInspector(url), end };
}
