/**
 * Artillery, which opens its own streams: all within the ramp that begins with the first order to
 * open. Its virtual users run in a thread, which reports its counts 20 times per second.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { control, counts, url } from './control.js';

const [streams, rampSeconds] = process.argv.slice(3).map(Number);
const beside = dirname(fileURLToPath(import.meta.url));
const script = join(beside, 'artillery.json');
const users = {
  config: {
    target: url,
    processor: './artillery-function.cjs',
    phases: [{ duration: rampSeconds, arrivalCount: streams }],
  },
  scenarios: [{ engine: 'http', flow: [{ function: 'readStream' }] }],
};

new BroadcastChannel('counts').addEventListener('message', ({ data }) =>
  Object.assign(counts, data),
);

let isStarted = false;
control(() => {
  if (isStarted) return;
  isStarted = true;
  writeFileSync(script, JSON.stringify(users));
  process.env.WORKERS = '1';
  const manifest = createRequire(import.meta.url).resolve('artillery/package.json');
  process.argv.splice(2, Infinity, 'run', '--quiet', script);
  void import(pathToFileURL(join(dirname(manifest), 'bin', 'run')).href);
});
