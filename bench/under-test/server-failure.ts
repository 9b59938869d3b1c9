/** The failure of a server with a process, and how to find its cause. */
import { within } from '../system/deadline.ts';
import type { Exit } from '../system/launch.ts';
import type { TreeSample } from '../system/process-tree.ts';

/** How long the report of an exit may take after its first symptom. */
const dyingWithinMs = 300;
/** Node reserves one or two descriptors, and cannot open anything else with them. */
const lastDescriptors = 2;

/** How a process of a server ended, and which one of several, for people. */
export type UnexpectedEnd = Exit & { which?: string };

/** The part of a running server that the search for a cause needs. */
export interface FallibleServer {
  /** The id of its process, or of the first of its processes. It changes on restart. */
  readonly pid: number;
  /**
   * The resources that its processes have used, as the system sees them. It costs the server
   * nothing. `undefined` if the system does not report them.
   */
  glance(): TreeSample | undefined;
  /**
   * Resolves when the process has ended for any reason except a restart; with `undefined` if
   * ssebench did not start it, and so cannot know how it ended.
   */
  exited: Promise<UnexpectedEnd | undefined>;
  /** The last lines of its output, without those of the inspector. */
  stderrTail(): string[];
  /** @returns an error if one of its processes has ended, although its first process runs */
  whyEnded?(): Error | undefined;
}

/** A server that did not start, or that ended unexpectedly. */
export class ServerFailure extends Error {
  readonly exit: Exit | undefined;
  readonly stderr: string[];

  constructor(message: string, exit: Exit | undefined, stderr: string[]) {
    super(message);
    this.exit = exit;
    this.stderr = stderr;
  }
}

/** Rejects when the server ends unexpectedly. */
export async function unexpectedExit({ exited, stderrTail }: FallibleServer): Promise<never> {
  const exit = await exited;
  throw new ServerFailure(
    `${exit?.which || 'the server'} ended unexpectedly: ${exit === undefined ? 'its process no longer exists' : describeExit(exit)}`,
    exit,
    stderrTail(),
  );
}

/**
 * Finds the root cause of an error: a server that is dying, or has no descriptors left, causes
 * further errors.
 */
export async function causeOf(error: Error, server: FallibleServer): Promise<Error> {
  if (error instanceof ServerFailure) return error;
  const { open, limit } = server.glance()?.descriptors ?? { open: 0, limit: null };
  if (limit !== null && open >= limit - lastDescriptors) {
    return new Error(
      `the server ran out of file descriptors (${open} of ${limit} are open); raise the limit (ulimit -n), or use fewer --streams`,
    );
  }
  return within(dyingWithinMs, error.message, unexpectedExit(server)).catch((cause: Error) =>
    cause instanceof ServerFailure ? cause : (server.whyEnded?.() ?? cause),
  );
}

/** Describes how a process ended. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
