/** One crowd of a round: its clients connect and disconnect, and some modes watch the server meanwhile. */
import type { Held } from '../../result/held.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { poll } from '../../system/time.ts';
import type { CrowdReport } from '../crowd/task.ts';
import { cutNetwork, mendNetwork } from '../own-network/network.ts';
import { watchMemory, whyNotBlocked, type WatchedMemory } from './blocked-writes.ts';
import { taskFor, type Examination } from './examination.ts';
import { growthHeld, watchOpenStreams } from './open-streams.ts';

/** Observations of one crowd, and its effects on a server that it blocked. */
export interface Wave {
  report: CrowdReport;
  grown: Held[];
  blockedKb: number | null;
}

/**
 * Time for the server's close handlers to run, before the next crowd connects or the first
 * inspection starts.
 */
export const quietMs = 100;
const glanceEachMs = 20;

/** @returns `undefined` if the mode needs a blocked server and the clients did not block it */
export async function sendWave(
  examination: Examination,
  mode: DisconnectMode,
  streams: number,
  { staysLonger = false, isBrief }: { staysLonger?: boolean | undefined; isBrief: boolean },
): Promise<Wave | undefined> {
  const {
    server: { inspection },
    crowds,
  } = examination;
  if (mode.network === 'cut') mendNetwork();
  const memoryBefore = mode.watchesMemory ? await inspection.memoryBytes() : 0;
  const { connections } = await inspection.glance();
  let untestable: string | undefined;
  let memory: WatchedMemory | undefined;
  let [openEvents, growthKb] = [0, 0];
  const task = taskFor(examination, mode, streams, isBrief);
  const report = await crowds.send(task, async (visiting) => {
    if (mode.network === 'cut') cutNetwork();
    if (mode.staysOpen) {
      openEvents = visiting.events;
      growthKb = await watchOpenStreams(examination, streams, staysLonger);
    }
    if (mode.when !== 'when blocked') return;
    untestable = await whyNotBlocked(examination, mode, visiting.opened, connections);
    if (untestable !== undefined || !mode.watchesMemory) return;
    const watched = await watchMemory(examination, streams, memoryBefore);
    if ('unclear' in watched) untestable = watched.unclear;
    else memory = watched;
  });
  const growth = growthHeld(growthKb, report.events - openEvents, streams);
  examination.untestable = untestable;
  return untestable === undefined
    ? {
        report,
        grown: [...(memory?.grown ?? []), ...growth],
        blockedKb: memory?.kbPerStream ?? null,
      }
    : undefined;
}

/** A crowd that connected while another one disconnects would act as a crowd of twice the size. */
export async function untilNextMayCome(
  { server: { inspection }, time, signal }: Examination,
  before: number | undefined,
  withinMs: number,
) {
  await time.sleep(quietMs, signal);
  await poll(
    inspection.glance,
    ({ connections }) => connections === undefined || before === undefined || connections <= before,
    { eachMs: glanceEachMs, withinMs: withinMs - quietMs, time, signal },
  );
}
