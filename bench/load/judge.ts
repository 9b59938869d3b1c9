/** Judges a stream that was not lost, from what is known of it. Pure. */
import type { Failure } from '../stream/answer.ts';
import { noWholeEvent } from '../stream/stream.ts';
import type { Known } from './known.ts';
import type { LoadTask } from './task.ts';

/**
 * When ssebench judges a stream: regularly while it is open, at the end of its lifetime, and at the
 * end of the run.
 */
export type Occasion = 'watch' | 'departure' | 'end' | 'early end';

type Rules = Pick<LoadTask, 'intervalMs' | 'stallAfterMs'>;

/** At the end, a stream that was silent for this long counts as stalled, before the usual limit. */
const silentMs = 1_000;
const silentIntervals = 5;
/**
 * Other causes that look like a silent server. The message names them, since buffering is the most
 * common one.
 */
const maybeBuffered = {
  headers:
    'the server may send its headers only with the first event, or a proxy may buffer the response',
  events: 'the server may have stopped sending, or a proxy may buffer its events',
};

const seconds = (timeMs: number) => (timeMs / 1_000).toFixed(1);
const longSilenceMs = ({ intervalMs }: Rules) =>
  Math.max(silentMs, silentIntervals * (intervalMs ?? 0));

const noAnswer = (known: Known, afterMs: number, when: string): Failure | undefined =>
  known.hasResponse || known.silentMs < afterMs
    ? undefined
    : ['no answer', `no response ${when}; ${maybeBuffered.headers}`];

const stalled = (known: Known, afterMs: number, when: string): Failure | undefined =>
  known.silentMs < afterMs
    ? undefined
    : ['stalled', `nothing received ${when}; ${maybeBuffered.events}`];

/** Fails a stream that has received bytes for long enough, but never a whole event. */
function onlyStray(known: Known, rules: Rules, more = ''): Failure | undefined {
  const stray = known.bodyMs < longSilenceMs(rules) ? undefined : known.stray();
  return stray === undefined ? undefined : [noWholeEvent, stray + more];
}

function fellSilent(known: Known, rules: Rules): Failure | undefined {
  if (rules.intervalMs === null)
    return known.unusualSilence === undefined ? undefined : ['stalled', known.unusualSilence];
  return stalled(known, longSilenceMs(rules), `in the last ${seconds(known.silentMs)} s`);
}

function inWatch(known: Known, rules: Rules): Failure | undefined {
  if (known.silentMs < rules.stallAfterMs) return undefined;
  const when = `for ${rules.stallAfterMs / 1_000} s`;
  return (
    onlyStray(known, rules, `; nothing received ${when}`) ??
    noAnswer(known, 0, when) ??
    stalled(known, 0, when)
  );
}

const atDeparture = (known: Known, rules: Rules) =>
  onlyStray(known, rules) ?? noAnswer(known, silentMs, 'in its lifetime');

function atEarlyEnd(known: Known, rules: Rules): Failure | undefined {
  if (known.cut === 'disconnected') return undefined; // it had no time to reconnect
  if (known.cut === 'awaited')
    return ['not cut', 'ssebench cut all streams, but this one stayed open'];
  if (known.cut === 'refused')
    return ['not reconnected', 'ended, and the last attempt to reconnect failed'];
  if (known.cut === 'waiting' && !known.isOpen) return undefined; // its client reconnects soon
  // Streams that arrived or reconnected just before the end are too young to judge.
  const afterMs = known.hasLifetime || known.cut === 'waiting' ? silentMs : -Infinity;
  return (
    noAnswer(known, afterMs, 'by the end of the run') ??
    onlyStray(known, rules) ??
    fellSilent(known, rules)
  );
}

const atEnd = (known: Known, rules: Rules): Failure | undefined =>
  known.cut === 'disconnected'
    ? ['not reconnected', 'cut, and had no event again by the end of the run']
    : atEarlyEnd(known, rules);

const judges = { watch: inWatch, departure: atDeparture, end: atEnd, 'early end': atEarlyEnd };

/** @returns why a stream has failed, or `undefined`. A stream that we do not read never fails. */
export const failureOf = (known: Known, occasion: Occasion, rules: Rules): Failure | undefined =>
  known.isPaused ? undefined : judges[occasion](known, rules);
