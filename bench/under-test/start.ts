/** Starts a server under test, of whatever kind, so that it is ready for load. */
import { usesHttp2 } from '../scenario/http2.ts';
import type { ServerUnderTest } from '../scenario/scenario.ts';
import type { MeasuredServer, StartOptions } from './measured-server.ts';
import { startOwn } from './own-server.ts';
import { startReference } from './reference-server.ts';

/**
 * @returns `undefined` for a URL without a process, which ssebench measures only from outside
 * @throws ServerFailure if the server does not start or does not answer
 */
export async function startServerUnderTest(
  serverUnderTest: ServerUnderTest,
  options: StartOptions,
): Promise<MeasuredServer | undefined> {
  if (serverUnderTest.kind === 'reference')
    return startReference(serverUnderTest.file, usesHttp2(serverUnderTest), options);
  const { process } = serverUnderTest;
  return process === null ? undefined : startOwn({ ...serverUnderTest, process }, options);
}
