/** Starts a server for the requests of another one, in its own process. */
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../node-http.ts', import.meta.url));

/** @returns the origin, such as `http://127.0.0.1:4711` */
export async function startOrigin(): Promise<string> {
  const child = fork(file, ['--port', '0'], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  process.on('exit', () => child.kill());
  process.once('SIGTERM', () => process.exit());
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, port] = /port (\d+)/.exec(line) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`${file} ended before it printed its port`);
}
