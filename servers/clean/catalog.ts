/** The servers that look as if they leaked: one row for each way to start one. Data only. */
import { fileURLToPath } from 'node:url';

export interface LooksLeaky {
  file: string;
  /** Environment variables of the server. */
  environment: Readonly<Record<string, string>>;
  /** The kind of thing that its leaking twin leaks; `null` if its twins are faulty servers. */
  twinLeaks: 'timer' | 'listener' | 'socket' | 'entry' | null;
}

function server(
  name: string,
  twinLeaks: LooksLeaky['twinLeaks'],
  environment: LooksLeaky['environment'] = {},
): [string, LooksLeaky] {
  const words = Object.entries(environment).map(([variable, value]) => ` ${variable}=${value}`);
  return [
    `${name}${words.join('')}`,
    { file: fileURLToPath(new URL(`${name}.ts`, import.meta.url)), environment, twinLeaks },
  ];
}

export const looksLeaky: Readonly<Record<string, LooksLeaky>> = Object.fromEntries([
  server('agent-pool', 'socket'),
  server('agent-pool', 'socket', { IDLE_MS: '1000' }),
  server('fetch-pool', 'socket'),
  server('fetch-proxy', 'socket'),
  server('database-pool', 'listener'),
  server('database-pool', 'listener', { IDLE_MS: '3000' }),
  server('database-pool', 'listener', { IDLE_MS: '2000' }),
  server('database-pool', 'listener', { IDLE_MS: '1000' }),
  server('database-pool', 'listener', { USED_BY: 'POST' }),
  server('worker-pool', 'timer'),
  server('busy', 'timer'),
  server('busy', 'timer', { JOBS_LAST_MS: '300' }),
  server('busy', 'timer', { BUSY_WITH: 'sleeps' }),
  server('released', null),
  server('recent-pages', null),
  server('room-timers', null),
  server('shared-source', null),
  server('waits', null),
  server('drops-events', null),
  server('skips-slow', null),
  server('replays-events', null),
  server('bounded-cache', 'entry'),
]);
