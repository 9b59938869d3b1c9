/** Servers that look as if they leaked: none is accused, and the leaking twin of each is found. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { freePort } from '../fixtures/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../fixtures/watch-children.ts';
import { findLeaks } from '../index.ts';

nothingLeftRunning(watchChildren(), () => [], afterAll);

const server = (name: string) => fileURLToPath(new URL(`../../servers/clean/${name}.ts`, import.meta.url));

async function check(name: string, environment: Record<string, string>, modes: string[]) {
  const port = await freePort();
  const set = Object.entries(environment).map(([variable, value]) => `${variable}=${value}`);
  const command = ['env', ...set, process.execPath, server(name), '--port', String(port)];
  return findLeaks({ url: `http://127.0.0.1:${port}/event?interval=50`, command }, { modes, streams: 20, deadline: '2s' });
}

/** Idle times below, about, and above the deadline, and what database clients have by default. */
const servers: [string, Record<string, string>][] = [
  ['agent-pool', { IDLE_MS: '10000' }],
  ['agent-pool', { IDLE_MS: '1000' }],
  ['fetch-pool', {}],
  ['fetch-proxy', {}],
  ['database-pool', { IDLE_MS: '10000' }],
  ['database-pool', { IDLE_MS: '3000' }],
  ['database-pool', { IDLE_MS: '2000' }],
  ['database-pool', { IDLE_MS: '1000' }],
  ['worker-pool', {}],
  ['busy', {}],
  ['busy', { JOBS_LAST_MS: '300' }],
  ['busy', { BUSY_WITH: 'sleeps' }],
];

describe.concurrent('a server that is correct is not accused', { timeout: 120_000 }, () => {
  test.for(servers)('%s %o', async ([name, environment], { expect }) => {
    const { state, modes } = await check(name, environment, ['close', 'early', 'post']);
    expect({ state, leaks: modes.flatMap(({ leaks }) => leaks) }).toEqual({ state: 'clean', leaks: [] });
  });
});

/** The kind of what a twin leaks. */
const leaking = {
  'agent-pool': 'socket',
  'fetch-pool': 'socket',
  'fetch-proxy': 'socket',
  'database-pool': 'listener',
  'worker-pool': 'timer',
  busy: 'timer',
} as const;

describe.concurrent('its leaking twin is found', { timeout: 120_000 }, () => {
  test.for(servers)('%s %o', async ([name, environment], { expect }) => {
    const { state, modes: [found] } = await check(name, { ...environment, LEAK_EVERY: '3' }, ['close']);
    expect(state).toBe('leaking');
    expect(found!.leaks.map(({ kind }) => kind)).toContain(leaking[name as keyof typeof leaking]);
  });
});
