/**
 * Servers that look as if they leaked. The check must find each of them clean, and its leaking twin
 * leaking.
 */
import { afterAll, describe, test } from 'vitest';
import { looksLeaky, type LooksLeaky } from '../../../servers/clean/catalog.ts';
import { checkLooksLeaky } from '../fixtures/helpers/leaks.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import type { DisconnectModeName } from '../../scenario/disconnect-modes.ts';

nothingLeftRunning(watchChildren(), () => [], afterAll);

/**
 * The simulation in `leaks/search/search.test.ts` varies when a pool closes and when jobs end, and
 * `npm run controls` checks all these servers. Here, one pool closes at the deadline.
 */
const onlyAmongControls = new Set([
  'agent-pool IDLE_MS=1000',
  'fetch-pool',
  'database-pool',
  'database-pool IDLE_MS=1000',
  'database-pool IDLE_MS=3000',
  'busy JOBS_LAST_MS=300',
]);
const servers = Object.entries(looksLeaky).filter(([name]) => !onlyAmongControls.has(name));
/** A busy server is checked with ten times as many crowds as a quiet one. */
const timeout = 400_000;
/** The deadline is the idle time of one pool. */
const small = { streams: 20, deadline: '2s' } as const;
/**
 * A pool that only a POST uses closes its idle members during the next mode. `npm run controls`
 * checks all modes.
 */
function modesOf({ environment, file }: LooksLeaky): DisconnectModeName[] {
  if (/(?:drops|replays)-events\.ts$/.test(file)) return ['close', 'hold'];
  if (file.endsWith('skips-slow.ts')) return ['close', 'stop-reading'];
  return environment.USED_BY === 'POST' ? ['post', 'close'] : ['close'];
}

/**
 * One twin for each way to look leaky: a pool, work that goes on, and a cache. The others differ
 * only in the library; `npm run controls` checks them.
 */
const kinds = new Set(['database-pool IDLE_MS=2000', 'busy', 'bounded-cache']);
// The twins come first, because some of them take longest.
const twins = servers.filter(([name]) => kinds.has(name));
describe.concurrent('its leaking twin', { timeout }, () => {
  test.for(twins)('%s is found leaking', async ([, server], { expect }) => {
    const twin = { ...server, environment: { ...server.environment, LEAK_EVERY: '3' } };
    const {
      state,
      modes: [found],
    } = await checkLooksLeaky(twin, {
      ...small,
      modes: modesOf(server).slice(0, 1),
    });
    expect(state).toBe('leaking');
    expect(found!.leaks.map(({ kind }) => kind)).toContain(server.twinLeaks);
  });
});

describe.concurrent('a correct server that looks leaky', { timeout }, () => {
  test.for(servers)('%s is clean', async ([, server], { expect }) => {
    const { state, reason, modes } = await checkLooksLeaky(server, {
      ...small,
      modes: modesOf(server),
    });
    expect({ state, reason, leaks: modes.flatMap(({ leaks }) => leaks) }).toEqual({
      state: 'clean',
      reason: null,
      leaks: [],
    });
  });
});
