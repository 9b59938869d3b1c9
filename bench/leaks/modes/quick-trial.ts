/** Tries one mode with a quick search, which waits for the deadline only once. */
import { heldKey } from '../../result/held.ts';
import { slowestReleaseMs } from '../../metrics/release.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { confirmDeferred, defer, isDeferred, repeatDeferred } from './deferred.ts';
import { mayBeQuick, type Examination } from '../round/examination.ts';
import { hold, rest } from '../round/hold.ts';
import { certain, explained, modeResult, notTried, type Tried } from './mode-result.ts';
import { searchQuickly } from '../search/quick-search.ts';
import type { QuickResult } from '../search/quickly-searched.ts';
import type { Round } from '../round/round.ts';
import { searchedIn, searchOptions } from './searched-mode.ts';
import { baselineOf, type Baseline } from '../round/baseline.ts';
import type { ModeWatch } from './watch.ts';

/** @returns `undefined` if doubts remain */
export async function tryQuickly(
  examination: Examination,
  mode: DisconnectMode,
  needsLines: boolean,
  watch: ModeWatch,
): Promise<Tried | undefined> {
  const { server, options } = examination;
  const { staysOpen, watchesMemory, network } = mode;
  if (!mayBeQuick(examination) || network === 'cut' || watchesMemory || staysOpen) return undefined;
  if (examination.releasesSlowly) return undefined;
  const measuresRelease = server.inspection.kind === 'probe';
  let hurries = !options.areEventsGiven;
  /** Deferred modes whose releases this mode may have hidden; `undefined` before that is tested. */
  let hidden: DisconnectMode[] | undefined;
  for (let isFirst = true; ; isFirst = false) {
    const before = (examination.baseline ??= await baselineOf(server.inspection, examination.time));
    const { mark } = examination;
    await server.inspection.clearings();
    const searched = searchedIn(examination, mode, watch);
    const searching = searchOptions(mode, options);
    const quick = await searchQuickly<Round>(
      {
        ...searched,
        hold(deadlines) {
          searched.report(true);
          return hold(examination, mode, deadlines, { before, mark });
        },
        // The names of collections decide whether an entry is reported at all.
        shown: (leaks, rounds) => explained(leaks, rounds, server.inspection, searching),
        found: watch.found,
        isKnown: (leak) => examination.known.has(knownKey(leak)),
        isDeferred: (held) => isDeferred(examination, held),
        needsLines,
        isSettled: examination.unsettled === undefined,
        hurries,
      },
      searching,
    );
    if (quick.state === 'impossible') return certain(notTried(mode, examination));
    // Inspections before a release would delay it, and the probe measures when it happened.
    examination.releasesSlowly =
      measuresRelease && quick.state === 'clean' && quick.rounds.some(hasGrown);
    if (examination.releasesSlowly) return undefined;
    if (quick.state === 'clean' && hurries && examination.work.isUnclear()) {
      // Only clients that have received an event show how long the server works on.
      hurries = false;
      examination.work.begin();
      continue;
    }
    if (quick.state === 'clean' && hidden === undefined && examination.deferred.length > 0) {
      // As many releases of the deferred modes could hide leaks of this one. After their deadline,
      // they cannot.
      hidden = examination.deferred.map((each) => each.mode);
      await confirmDeferred(examination);
      examination.work.begin();
      continue;
    }
    if (quick.state !== 'clean' && hidden !== undefined) {
      examination.toRepeat.push(...hidden.filter((each) => !examination.toRepeat.includes(each)));
      hidden = [];
    }
    if (quick.state !== 'doubtful') return finished(examination, mode, before, quick);
    if (quick.hasReleased) repeatDeferred(examination);
    else await confirmDeferred(examination, before);
    // Releases of earlier clients can be the reason for the doubt. Without them, try once more.
    const wasUnsettled = await rest(examination, mode, before);
    if (!isFirst || !(quick.hasReleased || wasUnsettled)) return undefined;
  }
}

/** A leak per disconnect in one mode does not prove a leak per group in another one. */
const knownKey = (leak: Leak): string =>
  heldKey(leak) + (leak.groups === undefined ? '' : ' per group');

const hasGrown = ({ grown }: Round): boolean => grown.length > 0;

type Decided = Exclude<QuickResult<Round>, { state: 'impossible' | 'doubtful' }>;

async function finished(
  examination: Examination,
  mode: DisconnectMode,
  before: Baseline,
  quick: Decided,
): Promise<Tried> {
  const { inspection } = examination.server;
  const { rounds, state } = quick;
  const found = quick.state === 'clean' ? [] : quick.leaks;
  const after = examination.baseline!;
  if (state === 'leaking') {
    examination.unsettled = undefined;
    // Things of this mode that are released during a later one would hide as many leaks of it.
    if (!quick.isReleasing)
      for (const leak of found) {
        const rate = leak.groups === undefined ? leak.perDisconnect : NaN;
        examination.known.set(heldKey(leak), rate).set(knownKey(leak), rate);
      }
  }
  // With the old mark, leaks of other modes could hide below it.
  if (found.length > 0) examination.mark = after;
  const searching = searchOptions(mode, examination.options);
  const leaks = await explained(found, rounds, inspection, searching);
  if (state === 'deferred' || (state === 'leaking' && examination.deferred.length > 0))
    defer(examination, mode, { before, after, keys: found.map(heldKey), leaks });
  const disconnectedNs = rounds.flatMap(({ report }) => report.disconnectedNs);
  const result = await modeResult(examination, mode, rounds, {
    leaks,
    cleanAfterMs: quick.state === 'clean' ? quick.cleanAfterMs : null,
    releasedMs: slowestReleaseMs(disconnectedNs, await inspection.clearings()),
  });
  const mayRelease = quick.state === 'leaking' && quick.isReleasing;
  return { found: result, lacksLine: state === 'without line', mayRelease };
}
