/** The failure of a reference server, and how to find its cause. */
import { within } from '../system/deadline.ts';
import type { Exit } from '../system/launch.ts';
import { sampleProcess } from '../system/process.ts';

/** How long the report of an exit may take after its first symptom. */
const dyingWithinMs = 300;
/** Node reserves one or two descriptors, and cannot open anything else with them. */
const lastDescriptors = 2;

/** The part of a running server that the search for a cause needs. */
export interface FallibleServer {
  /** The process id. It changes on restart, as does the inspector's address. */
  readonly pid: number;
  /** Resolves when the process has ended for any reason except a restart. */
  exited: Promise<Exit>;
  /** The last lines written to stderr, without those of the inspector. */
  stderrTail(): string[];
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
    `the server ended unexpectedly: ${describeExit(exit)}`,
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
  const { open, limit } = sampleProcess(server.pid)?.descriptors ?? { open: 0, limit: null };
  if (limit !== null && open >= limit - lastDescriptors) {
    return new Error(
      `the server ran out of file descriptors (${open} of ${limit} are open); raise the limit (ulimit -n), or use fewer --streams`,
    );
  }
  return within(dyingWithinMs, error.message, unexpectedExit(server)).catch(
    (cause: Error) => cause,
  );
}

/** Describes how a process ended. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
