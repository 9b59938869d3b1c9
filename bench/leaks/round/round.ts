/**
 * One round of one mode: crowds of clients connect and all disconnect. After that the server must
 * hold no more than before.
 */
import { slowestReleaseMs } from '../../metrics/release.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { isAsKnown } from '../../verdict/stable-growth.ts';
import { sumOfReports } from '../crowd/sum-of-reports.ts';
import type { CrowdReport } from '../crowd/task.ts';
import { mendNetwork, networkFailsWithinMs } from '../own-network/network.ts';
import type { CheckOptions } from '../request/check-options.ts';
import type { QuickRound } from '../search/quickly-searched.ts';
import type { RoundSize } from '../search/search.ts';
import { noiseWithLeaks, type Examination } from './examination.ts';
import { baselineOf, mostOf } from './baseline.ts';
import { settle } from './settle.ts';
import { quietMs, sendWave, untilNextMayCome, type Wave } from './wave.ts';

export type Round = QuickRound & {
  planned: number;
  report: CrowdReport;
  /** Whether the server held no more than before the round, or than after another round. */
  isClean: boolean;
  /** Empty if the round ended as soon as its growth was stable. */
  releasedMs: number[];
  blockedKb: number | null;
};

/** Time the server has to release everything in this mode. */
export const deadlineIn = (
  { network }: Pick<DisconnectMode, 'network'>,
  { deadlineMs }: Pick<CheckOptions, 'deadlineMs'>,
): number => (network === 'cut' ? Math.max(deadlineMs, networkFailsWithinMs) : deadlineMs);

/** How long the next crowd waits for the connections of the last one to close. */
const nextWithinMs = 500;

/** @returns `undefined` if the mode needs a blocked server and the clients did not block it */
export async function tryRound(
  examination: Examination,
  mode: DisconnectMode,
  { streams, waves, wait, staysLonger, isBrief = false }: RoundSize,
): Promise<Round | undefined> {
  const {
    server: { inspection },
    options,
    headersMs,
    work,
    time,
    signal,
  } = examination;
  const isCut = mode.network === 'cut';
  const deadlineMs = deadlineIn(mode, options);
  const confirms = wait === 'deadline';
  const before = (examination.baseline ??= await baselineOf(inspection, time));
  const startMs = time.nowMs();
  if (wait !== 'stable') await inspection.clearings();
  try {
    const all: Wave[] = [];
    for (let place = 0; place < waves; place++) {
      if (place > 0)
        await untilNextMayCome(
          examination,
          before.glance.connections,
          isCut ? deadlineMs : nextWithinMs,
        );
      await work.arrive();
      const wave = await sendWave(examination, mode, streams, { staysLonger, isBrief });
      if (wave === undefined) return undefined;
      all.push(wave);
      const isHurried = isBrief && wave.report.hurried > 0;
      // Inspections of a confirming round must start at once.
      if (!confirms)
        await work.leave(disconnectsOf(mode, wave.report, streams), agoMs(wave.report), isHurried);
    }
    examination.disconnectedMs = time.nowMs();
    const crowdsMs = examination.disconnectedMs - startMs;
    const report = sumOfReports(all.map((wave) => wave.report));
    const disconnects = disconnectsOf(mode, report, streams * waves);
    const isHurried = isBrief && report.hurried > 0;
    if (!isHurried) examination.disconnects += disconnects;
    examination.headersMs = Math.min(headersMs, report.headersMs ?? Infinity);
    if (confirms) await time.sleep(quietMs, signal);
    else await work.untilQuiet(deadlineMs, signal);
    const first = confirms ? await inspection.take() : [];
    // The deadline starts at the disconnect. Since then, a first inspection may have taken seconds.
    const sinceMs = time.nowMs() - examination.disconnectedMs;
    const settled = await settle(inspection, before, {
      deadlineMs: Math.max(0, deadlineMs - sinceMs),
      leastMs: mode.when === 'before headers' || mode.when === 'at random' ? 2 * headersMs : 0,
      laterMs: wait === 'later' ? options.deadlineMs : 0,
      stopsWhenStable: wait === 'stable',
      isExpected: (held) => isAsKnown(examination.known, before.held, held, disconnects),
      // A confirming round must not use up room that other rounds have left below the mark.
      mark: confirms ? before : examination.mark,
      noise: wait === 'stable' ? noiseWithLeaks(examination) : examination.noise,
      time,
      signal,
    });
    examination.roundMs = crowdsMs + settled.tookMs;
    examination.baseline = settled.after;
    if (wait !== 'stable') examination.mark = mostOf(examination.mark, settled.after);
    return {
      ...settled,
      before: before.held,
      after: settled.after.held,
      first,
      grown: [...settled.grown, ...all.flatMap(({ grown }) => grown)],
      disconnects,
      isHurried,
      planned: streams * waves,
      report,
      releasedMs:
        wait === 'stable'
          ? []
          : slowestReleaseMs(report.disconnectedNs, await inspection.clearings()),
      blockedKb: mode.watchesMemory
        ? Math.max(...all.map(({ blockedKb }) => blockedKb ?? 0))
        : null,
    };
  } finally {
    if (isCut) mendNetwork();
  }
}

/** In modes in which clients wait for events, a refused client had no stream to disconnect. */
const disconnectsOf = (
  { when }: DisconnectMode,
  { opened }: Pick<CrowdReport, 'opened'>,
  planned: number,
): number => (when === 'after events' && opened > 0 ? opened : planned);

/** How long ago the last client disconnected; 0 if it did not record that. */
function agoMs({ disconnectedNs }: Pick<CrowdReport, 'disconnectedNs'>): number {
  const lastNs = disconnectedNs.at(-1);
  return lastNs === undefined ? 0 : (Number(process.hrtime.bigint()) - lastNs) / 1e6;
}
