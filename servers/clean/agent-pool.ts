/** Clean: requests another server before each stream. Its agent keeps connections for `IDLE_MS`. */
import { Agent, get } from 'node:http';
import { forgets, serveStreams } from './streams.ts';
import { startUpstream } from './upstream.ts';

const idleMs = Number(process.env.IDLE_MS ?? 10_000);
const agent = new Agent({ keepAlive: true, timeout: idleMs });
const { httpPort } = await startUpstream();

serveStreams(
  () =>
    new Promise((resolve, reject) => {
      const path = forgets() ? '/endless' : '/'; // an unread answer keeps its connection
      get({ host: '127.0.0.1', port: httpPort, agent, path }, (answer) => {
        if (path === '/') answer.resume();
        resolve(() => {});
      }).on('error', reject);
    }),
);
