/**
 * The procedure of a round with finite answers: short streams, one after another on each
 * connection, then plain pages of the same server for comparison. The load comes from a general
 * load generator, because such answers are what it is made for.
 */
import type { Volley } from '../../generator/finite/volley.ts';
import { nothingCounted, type Causes } from '../../result/recording.ts';
import { betweenSamples } from '../../system/machine.ts';
import { loadOf } from '../../scenario/scenario.ts';
import { streamHeaders } from '../../stream/stream-headers.ts';
import { LoadFailure } from './failure.ts';
import { followed, usedBetween, type Measured, type RoundKind } from './round-kind.ts';

/** Without warm-up, the first answers would measure code that is not yet compiled. */
const warmUpMs = 1_000;

export const finiteRound: RoundKind = async (cast): Promise<Measured> => {
  const {
    task,
    server: started,
    context: {
      scenario,
      placement,
      world: { sampleMachine, fire },
    },
    signal,
  } = cast;
  const server = started!;
  const { eventsEach } = loadOf(scenario, 'finite')!;
  const urls = {
    streams: `${task.url}&limit=${eventsEach}`,
    plain: `${server.process.origin}/`,
  };
  const lastsMs = eventsEach * (scenario.intervalMs ?? 0);
  const volley = (what: keyof typeof urls, durationMs: number) =>
    fire(
      {
        url: urls[what],
        headers: streamHeaders(task.url, task.request.headers),
        connections: scenario.streams,
        durationMs,
        events: what === 'streams' ? eventsEach : null,
        timeoutMs: lastsMs + task.stallAfterMs,
      },
      placement?.load,
      signal,
    );
  const machineBefore = sampleMachine();
  const { enter, timeline } = followed(cast, () => ({
    open: scenario.streams,
    eventsPerSecond: 0,
    loopDelayMs: null,
    deliveryMs: null,
  }));

  enter('warm up');
  for (const what of ['streams', 'plain'] as const)
    await volley(what, Math.max(warmUpMs, 2 * lastsMs));
  enter('measure');
  const first = await server.sample();
  const streams = await volley('streams', scenario.durationMs);
  const between = await server.sample();
  const plain = await volley('plain', scenario.durationMs);
  const last = await server.sample();
  const machine = betweenSamples(machineBefore, sampleMachine());
  enter('settle');
  const loaded = await server.beginRelease();
  const { held } = await server.awaitRelease();
  const nothing = nothingCounted();
  const counts = { ...nothing.counts, started: streams.answered, opened: streams.answered };
  const failures = { ...failuresOf('stream', streams), ...failuresOf('plain page', plain) };
  if (streams.answered === 0)
    throw new LoadFailure(
      'measure',
      'no stream ended with all its events',
      { counts, failures },
      scenario.load.kind,
    );
  return {
    state: 'measured',
    planned: streams.answered,
    plannedStreamMs: null,
    quietPlanned: 0,
    openAtEnd: 0,
    durationMs: streams.overMs,
    intervalMs: null,
    ...nothing,
    counts,
    failures,
    histograms: {},
    process: {
      ...usedBetween(first, between),
      before: server.before,
      loadedRssBytes: last.rssBytes,
      loaded,
      held,
      ...server.inspection,
    },
    generators: [streams.health, plain.health],
    outcome: {
      kind: 'finite',
      streams: {
        answered: streams.answered,
        overMs: streams.overMs,
        ...usedBetween(first, between),
      },
      plain: { answered: plain.answered, overMs: plain.overMs, ...usedBetween(between, last) },
    },
    timeline: timeline(),
    machine,
  };
};

function failuresOf(what: string, { short, refused, broken, late }: Volley): Causes {
  const causes = {
    'wrong number of events': short,
    'status other than 200': refused,
    'connection lost': broken,
    'no answer': late,
  };
  return Object.fromEntries(
    Object.entries(causes).flatMap(([cause, count]) =>
      count > 0 ? [[`${what}: ${cause}`, { count, example: '' }]] : [],
    ),
  );
}
