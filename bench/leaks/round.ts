/** One round of one mode: crowds of clients that all leave, after which what the server holds must come back to what it was. */
import { addUp } from '../measure/failure-counts.ts';
import type { Held } from '../result/held.ts';
import type { CountedRound } from '../verdict/confirm.ts';
import type { CrowdReport } from './crowd/task.ts';
import { taskFor, type Examination } from './examination.ts';
import { untilBlocked, watchMemory } from './blocked-writes.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { cutNetwork, mendNetwork, networkFailsWithinMs } from './own-network/network.ts';
import { slowestReleaseMs } from '../metrics/release.ts';
import { poll } from '../system/time.ts';
import type { RoundSize } from './search.ts';
import { baselineOf, mostOf, settle } from './settle.ts';

export type Round = CountedRound & {
  asked: number;
  report: CrowdReport;
  /** Whether nothing was left of it that had not been there after another round. */
  isClean: boolean;
  releasedMs: number[];
  blockedKb: number | null;
};

/** What one crowd saw, and what it did to a server that it held up. */
interface Wave {
  report: CrowdReport;
  grown: Held[];
  blockedKb: number | null;
}

/** For the handlers of the closes, before the next crowd comes or the first inspection is made. */
const quietMs = 100;
const glanceEachMs = 20;
/** How long the next crowd waits for the connections of the last one. */
const nextWithinMs = 500;

/** @returns nothing where the clients did not hold the server up, as they should */
export async function tryRound(
  examination: Examination,
  mode: DisconnectMode,
  { streams, waves, confirms }: RoundSize,
): Promise<Round | undefined> {
  const {
    subject: { inspection },
    options,
    headersMs,
    time,
    signal,
  } = examination;
  const isCut = mode.network === 'cut';
  const deadlineMs = isCut
    ? Math.max(options.deadlineMs, networkFailsWithinMs)
    : options.deadlineMs;
  const before = (examination.baseline ??= await baselineOf(inspection));
  const startMs = time.nowMs();
  await inspection.clearings();
  try {
    const all: Wave[] = [];
    for (let place = 0; place < waves; place++) {
      if (place > 0)
        await untilNextMayCome(
          examination,
          before.glance.connections,
          isCut ? deadlineMs : nextWithinMs,
        );
      const wave = await sendWave(examination, mode, streams);
      if (wave === undefined) return undefined;
      all.push(wave);
    }
    const crowdsMs = time.nowMs() - startMs;
    const report = sumOf(all.map((wave) => wave.report));
    examination.headersMs = Math.min(headersMs, report.headersMs ?? Infinity);
    if (confirms) await time.sleep(quietMs, signal);
    const first = confirms ? await inspection.take() : [];
    const settled = await settle(inspection, before, {
      deadlineMs,
      leastMs: mode.when === 'before headers' || mode.when === 'at random' ? 2 * headersMs : 0,
      laterMs: confirms ? 0 : options.deadlineMs,
      // What is confirmed is not taken for what other rounds had left.
      mark: confirms ? before : examination.mark,
      noise: examination.noise,
      time,
      signal,
    });
    examination.roundMs = crowdsMs + settled.tookMs;
    examination.baseline = settled.after;
    examination.mark = mostOf(examination.mark, settled.after);
    // Where clients wait for an answer, who was refused was no stream.
    const disconnects =
      mode.when === 'after events' && report.opened > 0 ? report.opened : streams * waves;
    return {
      ...settled,
      before: before.held,
      after: settled.after.held,
      first,
      grown: [...settled.grown, ...all.flatMap(({ grown }) => grown)],
      disconnects,
      asked: streams * waves,
      report,
      releasedMs: slowestReleaseMs(report.leftNs, await inspection.clearings()),
      blockedKb: mode.watchesMemory
        ? Math.max(...all.map(({ blockedKb }) => blockedKb ?? 0))
        : null,
    };
  } finally {
    if (isCut) mendNetwork();
  }
}

/** @returns nothing where the clients did not hold the server up, as they should */
async function sendWave(
  examination: Examination,
  mode: DisconnectMode,
  streams: number,
): Promise<Wave | undefined> {
  const {
    subject: { inspection },
    crowds,
  } = examination;
  if (mode.network === 'cut') mendNetwork();
  const memoryBefore = mode.watchesMemory ? await inspection.memoryBytes() : 0;
  const { connections } = await inspection.glance();
  const blocked = { isSo: true, kbPerStream: null as number | null, grown: [] as Held[] };
  const report = await crowds.send(taskFor(examination, mode, streams), async (visiting) => {
    if (mode.network === 'cut') cutNetwork();
    if (mode.when !== 'when blocked') return;
    blocked.isSo = await untilBlocked(examination, mode, visiting.opened, connections);
    if (!blocked.isSo || !mode.watchesMemory) return;
    Object.assign(blocked, await watchMemory(examination, streams, memoryBefore));
  });
  return blocked.isSo
    ? { report, grown: blocked.grown, blockedKb: blocked.kbPerStream }
    : undefined;
}

/** A crowd that came while another one leaves would be one of twice the size. */
async function untilNextMayCome(
  { subject: { inspection }, time, signal }: Examination,
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

/** What all crowds of a round saw. */
function sumOf(reports: readonly CrowdReport[]): CrowdReport {
  const failures: CrowdReport['failures'] = {};
  for (const report of reports) addUp(failures, report.failures);
  const sum = (of: (report: CrowdReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const headersMs = reports.flatMap((report) => report.headersMs ?? []);
  return {
    opened: sum(({ opened }) => opened),
    served: sum(({ served }) => served),
    events: sum(({ events }) => events),
    ended: sum(({ ended }) => ended),
    failures,
    headersMs: headersMs.length > 0 ? Math.min(...headersMs) : null,
    leftNs: reports.flatMap(({ leftNs }) => leftNs),
  };
}
