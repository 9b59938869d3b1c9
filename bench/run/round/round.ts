/**
 * One round of one server: start → ready → ramp → warm up → measure → disconnect → settle → stop.
 * No process started here outlives the round, even if something fails.
 */
import type { Fleet } from '../../generator/fleet.ts';
import { interrupted, type RoundResult } from '../../result/run-result.ts';
import { usesHttp2 } from '../../scenario/http2.ts';
import type { Load } from '../../scenario/kinds/kinds.ts';
import { secretsOfServer, withoutKnownSecrets } from '../../scenario/known-secrets.ts';
import type { ServerUnderTest } from '../../scenario/scenario.ts';
import type { MeasuredServer } from '../../under-test/measured-server.ts';
import { causeOf, unexpectedExit } from '../../under-test/server-failure.ts';
import { doubtsOf } from '../../verdict/validity.ts';
import { roundWithoutSecrets } from '../../result/without-secrets.ts';
import type { Phase, RoundContext } from './context.ts';
import { descriptorsFor } from './generators.ts';
import { finiteRound } from './finite.ts';
import { answersRound } from './answers.ts';
import type { RoundKind } from './round-kind.ts';
import { shutdownRound } from './shutdown.ts';
import { streamRound } from './streams.ts';
import { countsOf, endOfServer, LoadFailure, lostWith } from './failure.ts';
import { taskFor } from './task.ts';

/** The procedure of a round for each load kind. */
const roundKinds: Readonly<Record<Load['kind'], RoundKind>> = {
  steady: streamRound,
  churn: streamRound,
  search: streamRound,
  reconnect: streamRound,
  finite: finiteRound,
  shutdown: shutdownRound,
  answers: answersRound,
};

/** Hides the secrets of a server in its own texts. */
function shownOf(serverUnderTest: ServerUnderTest): (text: string) => string {
  const secrets = serverUnderTest.kind === 'url' ? secretsOfServer(serverUnderTest) : [];
  return (text) => withoutKnownSecrets(text, secrets);
}

/** Measures a server once. A failure is returned as a result, never thrown. */
export async function measureRound(
  serverUnderTest: ServerUnderTest,
  round: number,
  context: RoundContext,
): Promise<RoundResult> {
  const { world, placement } = context;
  const base = { server: serverUnderTest.name, round, startedAt: new Date().toISOString() };
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);
  let phase: Phase = 'start';
  let fleet: Fleet | undefined;
  let server: MeasuredServer | undefined;
  const enter = (next: Phase) => context.onPhase((phase = next), fleet);

  enter('start');
  // Server and generators start at the same time, each on its own core.
  const startingFleet = world.startFleet(
    context.generators,
    placement?.load,
    {
      descriptors: descriptorsFor(context.scenario, context.generators),
      isHttp2: usesHttp2(serverUnderTest),
    },
    signal,
  );
  const startingServer = world.startServer(serverUnderTest, {
    cores: placement?.server,
    processes: context.scenario.serverProcesses,
    clock: world.clock,
    signal,
  });
  startingFleet.catch(() => {}); // awaited later: a failure of the server is more informative
  try {
    server = await startingServer;
    fleet = await startingFleet;
    const unwell = [fleet.failed, ...(server ? [unexpectedExit(server.process)] : [])];
    const task = taskFor(serverUnderTest, round, server?.process.origin, context);
    const measured = {
      ...base,
      ...(await Promise.race([
        roundKinds[context.scenario.load.kind]({
          task,
          server,
          fleet,
          context,
          signal,
          begin: enter,
        }),
        ...unwell,
      ])),
    };
    return roundWithoutSecrets({ ...measured, doubts: doubtsOf(measured, placement?.load.length) });
  } catch (thrown) {
    over.abort();
    const failedIn = thrown instanceof LoadFailure ? thrown.phase : phase;
    const error = server ? await causeOf(thrown as Error, server.process) : (thrown as Error);
    const shown = shownOf(serverUnderTest);
    const end = endOfServer(error, server);
    const partial = await fleet?.salvage();
    const lost = context.scenario.serverProcesses > 1 ? lostWith(error, partial) : '';
    const message = context.signal.aborted ? interrupted : shown(error.message) + lost;
    return roundWithoutSecrets({
      ...base,
      state: 'failed',
      phase: failedIn,
      message,
      ...end,
      stderr: end.stderr.map(shown),
      ...countsOf(partial),
    });
  } finally {
    over.abort();
    enter('stop');
    await Promise.allSettled([
      startingFleet.then(({ kill }) => kill()),
      startingServer.then((started) => started?.process.stop()),
    ]);
  }
}
