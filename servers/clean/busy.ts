/** Clean: besides its streams it has about 300 timers of work that starts and ends at random. */
import { setTimeout as sleep } from 'node:timers/promises';
import { forgets, serveStreams } from './streams.ts';

const jobs = 300;
const jobsLastMs = Number(process.env.JOBS_LAST_MS ?? 3_000);
/** `sleeps`: jobs and streams sleep in the same function, so their timers look the same. */
const sleeps = process.env.BUSY_WITH === 'sleeps';
const randomMs = (mean: number) => -mean * Math.log(1 - Math.random());

let done = 0;
const job = () => done++;
const begin = (ms: number) => (sleeps ? void sleep(ms).then(job) : void setTimeout(job, ms));

for (let n = 0; n < jobs; n++) begin(randomMs(jobsLastMs));
let nextAtMs = performance.now();
const arrive = () => {
  for (; nextAtMs <= performance.now(); nextAtMs += randomMs(jobsLastMs / jobs))
    begin(randomMs(jobsLastMs));
  setTimeout(arrive, Math.max(0, nextAtMs - performance.now()));
};
arrive();

/** Until the stream is over, or for ever. */
async function beat(stream: { isOver: boolean }) {
  await sleep(1_000, undefined, { ref: false });
  if (!stream.isOver) void beat(stream);
}

serveStreams(async () => {
  const isForgotten = forgets();
  const stream = { isOver: false };
  if (sleeps) void beat(stream);
  const timer = sleeps ? undefined : setInterval(job, 1_000);
  return () => {
    if (isForgotten) return;
    stream.isOver = true;
    clearInterval(timer);
  };
});
