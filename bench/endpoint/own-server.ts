/**
 * Checks a server whose process is known. If the user's command starts it, ssebench ends it with
 * SIGTERM.
 */
import type { EndpointResult } from '../result/endpoint-result.ts';
import type { OwnProcess } from '../scenario/scenario.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import { endpointOf } from '../under-test/endpoint.ts';
import { startOwnCommand } from '../under-test/own-command.ts';
import type { OwnServerProcess } from '../under-test/own-process.ts';
import { describeExit, ServerFailure } from '../under-test/server-failure.ts';
import { requestsOf } from '../stream/stream-request.ts';
import { identityOf } from '../system/processes.ts';
import { openOwnPid } from '../under-test/own-pid.ts';
import { checkEndpoint, resultOf } from './check.ts';
import { openExchange } from './exchange.ts';
import type { EndpointRequest, Observations } from './observations.ts';
import { notObserved, observe } from './observe.ts';
import { pause } from './pause.ts';
import { observeShutdown, usualGraceMs } from './shutdown.ts';

export type CheckedCommand = Extract<OwnProcess, { kind: 'command' }>;

/** How much later than the loss of its connections the end of a process can be noticed. */
const endsWithinMs = 300;
/** For the first response. */
const warmWithinMs = 10_000;

/**
 * Starts the server, checks it as `checkEndpoint` does, and sends it SIGTERM while streams are open.
 * All its processes have ended then. If it does not start, the result says why.
 *
 * @param signal ends the check early, with the findings so far
 * @param graceMs how long the server may take to end after SIGTERM
 */
export async function checkOwnServer(
  endpoint: EndpointRequest,
  command: CheckedCommand,
  signal: AbortSignal,
  graceMs: number = usualGraceMs,
): Promise<EndpointResult> {
  const startedAt = new Date();
  const startMs = performance.now();
  const result = (observations: Observations) =>
    resultOf(observations, startedAt, performance.now() - startMs, command);
  const where = endpointOf(endpoint.url, endpoint.request.socketPath);
  let server: OwnServerProcess;
  try {
    const { origin } = new URL(endpoint.url);
    server = await startOwnCommand(command, origin, where, undefined, signal);
  } catch (error) {
    const message = signal.aborted ? 'the check was interrupted' : whyNotStarted(error as Error);
    return result({ ...notObserved(endpoint), crash: message });
  }
  try {
    await warmUp(endpoint, signal);
    const observations = await observe(endpoint, signal);
    const end = await Promise.race([server.exited, pause(endsWithinMs)]);
    const crash = end ? withOutput(describeExit(end), server.stderrTail()) : null;
    const shutdown =
      crash === null && observations.first.status === 200 && !signal.aborted
        ? await observeShutdown(endpoint, server, graceMs, signal)
        : null;
    const wasInterrupted = signal.aborted;
    return result({ ...observations, crash, shutdown, wasInterrupted });
  } finally {
    await server.stop();
  }
}

/**
 * Checks a server that already runs, and reports if its process ends meanwhile. It gets no signal,
 * because ssebench did not start it.
 *
 * @param signal ends the check early, with the findings so far
 */
async function checkRunningServer(
  endpoint: EndpointRequest,
  pid: number,
  signal: AbortSignal,
): Promise<EndpointResult> {
  const startedAt = new Date();
  const startMs = performance.now();
  const { origin } = new URL(endpoint.url);
  let crash: string | null = `process ${pid} ended before the check`;
  let observations = notObserved(endpoint);
  const server = identityOf(pid) && openOwnPid(pid, origin);
  if (server) {
    let hasEnded = false;
    void server.exited.then(() => (hasEnded = true));
    observations = await observe(endpoint, signal);
    await Promise.race([server.exited, pause(endsWithinMs)]);
    await server.stop();
    crash = hasEnded ? `process ${pid} ended during the check` : null;
  }
  return resultOf({ ...observations, crash }, startedAt, performance.now() - startMs);
}

/** Checks an endpoint, with what its process adds; `null` if that is not known. */
export function checkServerAt(
  endpoint: EndpointRequest,
  process: OwnProcess | null,
  signal: AbortSignal,
): Promise<EndpointResult> {
  if (process === null) return checkEndpoint(endpoint, signal);
  return process.kind === 'command'
    ? checkOwnServer(endpoint, process, signal)
    : checkRunningServer(endpoint, process.pid, signal);
}

/** Many servers compile or connect at their first request. Its stream is not slow then. */
async function warmUp({ url, request }: EndpointRequest, signal: AbortSignal): Promise<void> {
  if (request.method !== 'GET') return; // each request may have side effects
  const stream = openExchange(requestsOf(url, request)(0), performance.now());
  signal.addEventListener('abort', stream.close, { once: true });
  await Promise.race([stream.answered, pause(warmWithinMs)]);
  stream.close();
}

const whyNotStarted = (error: Error): string =>
  error instanceof ServerFailure ? withOutput(error.message, error.stderr) : error.message;

/** The output of the user's server can contain anything. */
const withOutput = (text: string, lines: readonly string[]): string =>
  [
    text,
    ...(lines.length > 0 ? [`last output: ${lines.map(textWithoutSecrets).join(' / ')}`] : []),
  ].join('; ');
