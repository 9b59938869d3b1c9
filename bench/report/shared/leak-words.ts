/** Describes a leak in words. */
import { describeHeld, heldKinds, isRate } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
export const milliseconds = (ms: number) => `${Math.round(ms)} ms`;

/** `1.00 timers per disconnect (150 after 150), setInterval 1000 ms created at src/events.ts:14, still live after 5.0 s`. */
export function leakText(leak: Leak): string {
  const { kind, count, perDisconnect, disconnects, afterMs, releasedAfterMs } = leak;
  const [each, still] = kind === 'memory' ? ['stalled stream', 'growing'] : ['disconnect', 'live'];
  const sum = isRate(kind) ? Math.round(count) : count;
  return `${perDisconnect.toFixed(2)} ${heldKinds[kind].words} per ${each} (${sum} after ${disconnects}), ${describeHeld(leak)}, still ${still} after ${seconds(afterMs)}${releasedAfterMs === null ? '' : `, and gone after ${seconds(releasedAfterMs)}: late, unless --deadline allows it`}`;
}
