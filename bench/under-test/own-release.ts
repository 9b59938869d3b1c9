/**
 * Inspects what a server of the user holds for its streams: before the load, under it, and after the
 * streams are closed. Heap memory and timers come from V8 in all its serving processes together.
 * Resident memory and connections come from the operating system.
 */
import type { Inspector } from '../inspector/inspect.ts';
import { poll } from '../system/time.ts';
import type { Endpoint } from './endpoint.ts';
import {
  forget,
  releasesSeen,
  stillWatched,
  takeBaseline,
  timersThatFireOnce,
  watchReleases,
  type HeldMemory,
  type InspectedMemory,
} from './holdings.ts';
import { inEach, sumOf, together, total } from './in-each.ts';
import type { Inspectors } from './inspectors.ts';
import type { MeasuredServer, Released } from './measured-server.ts';
import type { FallibleServer } from './server-failure.ts';
import { streamTimersAmong, type StreamTimers } from './stream-timers.ts';

/** How long the server may take to release everything. The rest counts as held. */
const wait = { eachMs: 50, withinMs: 3_000 };
/** To count timers that fire once, the server collects garbage. */
const eachCountMs = 200;

/** Takes the baseline. Call it when no stream is open. */
export async function inspectOwn(
  server: Pick<FallibleServer, 'glance'>,
  endpoint: Endpoint,
  inspectors: Inspectors,
): Promise<Pick<MeasuredServer, 'before' | 'beginRelease' | 'awaitRelease'>> {
  const memoryOf = (inspected: readonly InspectedMemory[] | undefined): HeldMemory => ({
    heapBytes: inspected?.reduce((sum, { heapBytes }) => sum + heapBytes, 0) ?? null,
    rssBytes: server.glance()?.rssBytes ?? 0,
  });
  const before = memoryOf(await inspectors.ask((all) => inEach(all, takeBaseline)));
  const atFirst = endpoint.connections();
  // Connections of other clients are not held by mistake.
  const sockets = () => Math.max(0, endpoint.connections().all - atFirst.all);
  let timers: StreamTimers | undefined;
  return {
    before,
    async beginRelease() {
      const streams = endpoint.connections().open - atFirst.open;
      const found = await inspectors.ask((all) => inEach(all, watchReleases));
      timers = found && streamTimersAmong(sumOf(found.map(({ watched }) => watched)), streams);
      return memoryOf(found);
    },
    async awaitRelease() {
      const watched = timers;
      const released =
        watched && (await inspectors.ask((all) => untilReleased(all, watched, sockets)));
      return released ?? fromOutside(await poll(sockets, (count) => count === 0, wait));
    },
  };
}

const fromOutside = (sockets: number): Released => ({
  held: { timers: null, sockets },
  clearedNs: () => [],
});

async function untilReleased(
  inspectors: readonly Inspector[],
  timers: StreamTimers,
  sockets: () => number,
): Promise<Released> {
  const endMs = performance.now() + wait.withinMs;
  const last = await poll(
    async () => ({ left: sumOf(await inEach(inspectors, stillWatched)), sockets: sockets() }),
    (now) => timers.held(now.left, 0) + now.sockets === 0,
    wait,
  );
  const releases = together(await inEach(inspectors, releasesSeen));
  // Those of closed streams may fire once more, and end then.
  const running = timers.fireOnce
    ? await poll(
        async () => total(await inEach(inspectors, timersThatFireOnce)),
        (count) => timers.held({}, count) === 0,
        { eachMs: eachCountMs, withinMs: endMs - performance.now() },
      )
    : 0;
  await inEach(inspectors, forget);
  return {
    held: { timers: timers.held(last.left, running), sockets: last.sockets },
    clearedNs: (everyMs) => timers.clearedNs(releases, everyMs),
  };
}
