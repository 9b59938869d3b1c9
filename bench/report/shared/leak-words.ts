/** Describes a leak in words. */
import { describeHeld, heldKinds, isRate, placeText, type HeldKind } from '../../result/held.ts';
import { totalOf } from '../../result/leak-findings.ts';
import {
  untestedIn,
  type Leak,
  type LeakFinding,
  type ModeResult,
  type ServerVerdict,
} from '../../result/leak-result.ts';

function statusOf(kind: HeldKind): string {
  if (kind === 'memory' || kind === 'growth') return 'still growing';
  return isRate(kind) ? 'still active' : 'not released';
}

/** The unit to which a figure refers, unless it is a disconnect, and the words for the sum. */
const eachOf: Partial<
  Record<HeldKind, { unit: string; sum(kb: number, streams: number): string }>
> = {
  memory: {
    unit: 'blocked stream',
    sum: (kb, streams) => `${kb} KB per second for all ${streams} streams together`,
  },
  growth: {
    unit: 'open stream',
    sum: (kb, streams) => `${kb} KB when each of ${streams} streams receives an event`,
  },
};

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
export const milliseconds = (ms: number) => `${Math.round(ms)} ms`;

/**
 * `1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at
 * src/events.ts:14, not released after 5.0 s`.
 */
export function leakText(leak: Leak): string {
  const { kind, afterMs, releasedAfterMs } = leak;
  const late =
    releasedAfterMs === null
      ? ''
      : `, but gone after ${seconds(releasedAfterMs)}. Raise --deadline if that is early enough`;
  return `${figureText(leak)}: ${describeHeld(leak)}, ${statusOf(kind)} after ${seconds(afterMs)}${late}`;
}

/**
 * `1.00 timers per disconnect (150 after 150 disconnects)`, or `0.29 KB per event per open stream (44
 * KB when each of 150 streams receives an event)`.
 */
function figureText({ kind, count, perDisconnect, interval, disconnects, groups }: Leak): string {
  const { words } = heldKinds[kind];
  if (groups !== undefined)
    return `${(count / groups).toFixed(2)} ${words} per group of clients, each time the last one disconnects (${count} after ${groups} groups)`;
  const sum = isRate(kind) || kind === 'heap' ? Math.round(count) : count;
  const range = interval?.map((end) => end.toFixed(2)).join(' to ');
  const certainty = range === undefined ? '' : `95 % interval ${range}; `;
  const figure = `${perDisconnect.toFixed(2)} ${words}`;
  const each = eachOf[kind];
  return each
    ? `${figure} per ${each.unit} (${each.sum(sum, disconnects)})`
    : `${figure} per disconnect (${certainty}${sum} after ${disconnects} disconnects)`;
}

/**
 * `reset, kill -9 of the client: 1.00 timers per disconnect …`.
 *
 * @param tried number of modes that were tried; a leak in all of them does not list them
 */
export function findingText(finding: LeakFinding, tried: number): string {
  return `${modesText(finding, tried)}: ${leakText(totalOf(finding))}`;
}

/** The modes of a finding. */
export const modesText = ({ modes }: LeakFinding, tried: number): string =>
  modes.length > 1 && modes.length === tried
    ? `all ${tried} disconnect modes`
    : modes.map(({ about }) => about).join(', ');

/** A skipped mode with its reason; only the cause, without what to do. */
const briefly = ({ about, skipped }: ModeResult): string =>
  `${about} (${skipped!.split(/[;\n]/)[0]!.replace(/:$/, '')})`;

/**
 * `stop reading (the server sent too little to fill the buffers of its clients within 3 s)`; empty
 * if no mode was skipped.
 */
export const untestedText = (modes: readonly ModeResult[]): string =>
  untestedIn(modes).map(briefly).join(', ');

/** `died while clients disconnected (reset) at src/events.ts:14`. */
export const deathText = ({ about, place }: NonNullable<ServerVerdict['death']>): string =>
  `died while clients disconnected (${about})${place ? ` at ${placeText(place)}` : ''}`;

/** `with it: 2.00 sockets per disconnect, open socket`. */
export const consequenceText = ({
  perDisconnect,
  perGroup,
  ...held
}: LeakFinding['consequences'][number]): string =>
  `${(perGroup ?? perDisconnect).toFixed(2)} ${heldKinds[held.kind].words} per ${perGroup === undefined ? 'disconnect' : 'group'}: ${describeHeld({ ...held, count: 0 })}`;

/** The leak in all its modes, and the consequences that the same change fixes. */
export const textWithConsequences = (finding: LeakFinding): string =>
  [leakText(totalOf(finding)), ...finding.consequences.map(consequenceText)].join('; with it ');
