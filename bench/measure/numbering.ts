/**
 * Observes how streams begin, to decide whether each has its own counter or all see one feed. Both
 * give the same figures for what follows the first number of a stream. They differ in the events
 * before it: a stream of a feed joins later and has missed nothing.
 */
import { noNumbering, type NumberingEvidence } from '../result/event-data.ts';
import type { Numbering } from '../scenario/event-options.ts';
import type { Instrument } from './instrument.ts';

export interface NumberingInstrument extends Instrument<never, never, 'numbering'> {
  /** Takes the number of one event, in the order of arrival. */
  record(stream: number, number: number): void;
}

/**
 * The newest number must have advanced by this much before a first number shows whether it follows.
 */
const leastAdvance = 4;
/** By this share of the advance, a first number of a feed may be too low or too high. */
const tolerance = 0.5;

/** @param isFlawed whether numbers of the stream were missing, duplicate or out of order */
export function createNumbering(
  streams: number,
  given: Numbering | null,
  isFlawed: (stream: number) => boolean,
): NumberingInstrument {
  const first = new Float64Array(streams).fill(NaN);
  const last = new Float64Array(streams);
  let lowest = Infinity;
  let newest = -Infinity;
  let began = 0;
  /**
   * The first number of the second stream, and the newest number then. The first stream may have
   * received old numbers first, if the feed has a memory.
   */
  let reference = { number: 0, newest: 0 };
  let atFront = 0;
  let behind = 0;
  let steps = 0;
  let following = 0;

  function begin(stream: number, number: number) {
    first[stream] = number;
    if (number < lowest) lowest = number;
    if (++began <= 2) {
      reference = { number, newest };
      return;
    }
    const advance = newest - reference.newest;
    if (advance < leastAdvance) return;
    const isInStep = Math.abs(number - reference.number - advance) <= tolerance * advance;
    if (isInStep) atFront++;
    else behind++;
  }

  return {
    record(stream, number) {
      if (number > newest) newest = number;
      if (Number.isNaN(first[stream])) begin(stream, number);
      else {
        steps++;
        if (number === last[stream]! + 1) following++;
      }
      last[stream] = number;
    },
    findings() {
      const numbering: NumberingEvidence = {
        ...noNumbering(),
        given,
        atFront,
        behind,
        steps,
        following,
      };
      if (lowest === Infinity) return { numbering };
      numbering.lowest = lowest;
      for (let stream = 0; stream < streams; stream++) {
        if (Number.isNaN(first[stream])) continue;
        const isLowest = first[stream] === lowest;
        const flawless = isFlawed(stream) ? 0 : 1;
        numbering.streams++;
        numbering.aboveLowest += first[stream]! - lowest;
        numbering.atLowest += isLowest ? 1 : 0;
        if (isLowest) numbering.flawlessAtLowest += flawless;
        else numbering.flawlessAbove += flawless;
      }
      return { numbering };
    },
  };
}

/** Adds the evidence of another generator or round. Their lowest numbers may differ. */
export function addNumbering(total: NumberingEvidence, more: NumberingEvidence): void {
  const lowest = Math.min(total.lowest ?? Infinity, more.lowest ?? Infinity);
  const parts = [total, more].map((each) => raisedAbove(lowest, each));
  const added = (name: Exclude<keyof NumberingEvidence, 'given' | 'lowest'>) =>
    parts[0]![name] + parts[1]![name];
  Object.assign(total, {
    given: total.given ?? more.given,
    lowest: lowest === Infinity ? null : lowest,
    streams: added('streams'),
    atLowest: added('atLowest'),
    aboveLowest: added('aboveLowest'),
    flawlessAtLowest: added('flawlessAtLowest'),
    flawlessAbove: added('flawlessAbove'),
    atFront: added('atFront'),
    behind: added('behind'),
    steps: added('steps'),
    following: added('following'),
  } satisfies NumberingEvidence);
}

/** The same evidence, compared with a number that is as low as its lowest, or lower. */
function raisedAbove(lowest: number, evidence: NumberingEvidence): NumberingEvidence {
  if (evidence.lowest === null || evidence.lowest === lowest) return evidence;
  const { streams, flawlessAtLowest, flawlessAbove } = evidence;
  return {
    ...evidence,
    atLowest: 0,
    aboveLowest: evidence.aboveLowest + streams * (evidence.lowest - lowest),
    flawlessAtLowest: 0,
    flawlessAbove: flawlessAbove + flawlessAtLowest,
  };
}

export interface NumberingDecision {
  kind: Numbering;
  /** Why, in words. */
  why: string;
  /** Events that streams have lost before their first number, and the streams with such a loss. */
  lostBefore: number;
  flawedBefore: number;
  /** False if no number is one higher than the one before it, as with times. */
  countsUp: boolean;
}

/** With fewer steps, all of them may be losses. */
const enoughSteps = 10;

/** @returns `undefined` if no event had a number at a path of the user */
export function decideNumbering(evidence: NumberingEvidence): NumberingDecision | undefined {
  const { streams, lowest, atLowest, aboveLowest, flawlessAbove } = evidence;
  if (streams === 0) return undefined;
  const { kind, why } = kindOf(evidence);
  const countsUp = evidence.following > 0 || evidence.steps < enoughSteps;
  // Without a common first number, nothing shows what a stream has lost before its first event.
  const hasCommonFirst = 2 * atLowest > streams;
  if (kind === 'feed' || !hasCommonFirst)
    return { kind, why, lostBefore: 0, flawedBefore: 0, countsUp };
  return {
    kind,
    countsUp,
    why: atLowest === streams ? why : `${why}; most streams began with ${lowest}`,
    lostBefore: aboveLowest,
    flawedBefore: flawlessAbove,
  };
}

function kindOf(evidence: NumberingEvidence): Pick<NumberingDecision, 'kind' | 'why'> {
  const { given, streams, lowest, atLowest, atFront, behind } = evidence;
  if (given !== null) return { kind: given, why: 'given with --sequence-of' };
  if (streams === 1) return { kind: 'stream', why: 'only one stream had numbers' };
  if (atLowest === streams) return { kind: 'stream', why: `every stream began with ${lowest}` };
  const judged = atFront + behind;
  if (judged === 0)
    return { kind: 'feed', why: 'streams began with different numbers, and all began early' };
  return atFront > behind
    ? {
        kind: 'feed',
        why: `${atFront} of ${judged} later streams began higher, by as much as the newest number had advanced`,
      }
    : {
        kind: 'stream',
        why: `${behind} of ${judged} later streams did not begin higher by as much as the newest number had advanced`,
      };
}
