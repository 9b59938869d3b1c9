/** The process that fires a volley and watches its own health meanwhile. */
import { watchOwnHealth } from '../health.ts';
import { machineClock } from '../../system/clock.ts';
import { moduleOfServers } from '../../system/servers-package.ts';
import { longPauseMs } from '../../scenario/scenario.ts';
import type { Volley, VolleyTask } from './volley.ts';

// autocannon comes with the reference servers: only they end their streams.
const { default: autocannon } = (await import(
  moduleOfServers('autocannon')
)) as typeof import('autocannon');

/** Counts the ends of events. */
function endsOf(body: string): number {
  let ends = 0;
  for (let at = body.indexOf('\n\n'); at !== -1; at = body.indexOf('\n\n', at + 2)) ends++;
  return ends;
}

process.on(
  'message',
  async ({ url, headers, connections, durationMs, timeoutMs, events }: VolleyTask) => {
    const clock = machineClock();
    const nowNs = clock.nowNs();
    const health = watchOwnHealth(
      {
        rampAtNs: nowNs,
        window: { warmUpAtNs: nowNs, measureAtNs: nowNs, disconnectAtNs: Infinity },
        longPauseMs: longPauseMs(null),
      },
      clock,
    );
    const found = await autocannon({
      url,
      headers,
      connections,
      duration: durationMs / 1_000,
      timeout: Math.ceil(timeoutMs / 1_000),
      ...(events !== null && { verifyBody: (body) => endsOf(body) === events }),
    });
    // Refused responses have no events either, so the mismatches include them.
    const short = Math.max(0, found.mismatches - found.non2xx);
    const volley: Volley = {
      answered: found['2xx'] - short,
      short,
      refused: found.non2xx,
      broken: found.errors - found.timeouts,
      late: found.timeouts,
      overMs: found.duration * 1_000,
      health: health(Infinity),
    };
    process.send!(volley);
  },
);
// The main process has ended.
process.on('disconnect', () => process.exit(1));
