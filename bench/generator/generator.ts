/**
 * The process of one generator. Its arguments are the number of descriptors it will need, and
 * `http2` if the load is for HTTP/2. It takes a task from the main process and answers with what it
 * measured.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { machineClock } from '../system/clock.ts';
import { watchOwnHealth } from './health.ts';
import { startAnswers } from '../load/answers/answers.ts';
import type { LoadSurroundings } from '../load/connections.ts';
import { startLoad, type Load } from '../load/load.ts';
import { prime } from './warm-up.ts';
import { steady } from './avoid-pauses.ts';
import { http2FiguresOf } from '../stream/http2-sessions.ts';
import { openStream } from '../stream/stream.ts';
import type { GeneratorHealth } from '../result/run-result.ts';
import type { FromGenerator, LoadTask, ToGenerator } from '../load/task.ts';

const progressEveryMs = 500;

const clock = machineClock();
const tell = (message: FromGenerator) => process.send?.(message);
let load: Load | undefined;
let requestOptions: LoadTask['request'];
let health: (endNs: number) => GeneratorHealth;
let endNs: number;
let found: GeneratorHealth | undefined;

function run(task: LoadTask) {
  requestOptions = task.request;
  health = watchOwnHealth(task, clock);
  endNs = task.window.disconnectAtNs;
  const { answers } = task;
  const surroundings: LoadSurroundings = {
    clock,
    open: (request, observer) => openStream(request, observer, task.transport),
  };
  load = answers ? startAnswers({ ...task, answers }, surroundings) : startLoad(task, surroundings);
  let last = { events: 0, atNs: clock.nowNs() };
  setInterval(() => {
    const { open, events, ...recent } = load!.progress();
    const atNs = clock.nowNs();
    tell({
      type: 'progress',
      open,
      eventsPerSecond: (events - last.events) / ((atNs - last.atNs) / 1e9),
      ...recent,
    });
    last = { events, atNs };
  }, progressEveryMs);
  setTimeout(takeHealth, Math.max(0, (endNs - clock.nowNs()) / 1e6));
}

/** Takes the health at the end of the measurement. Later calls return the same. */
function takeHealth(): GeneratorHealth {
  if (found) return found;
  setImmediate(() => load!.caughtUp()); // all data that has arrived is read by then
  return (found = health(endNs));
}

async function disconnect() {
  const inTheMeasuring = takeHealth();
  await nextTurn(); // all data that has arrived is read by then
  const measured = await load!.disconnect();
  const http2 = http2FiguresOf(requestOptions);
  tell({ type: 'done', result: { ...measured, http2, health: inTheMeasuring } });
}

process.on('message', (message: ToGenerator) => {
  if (message.type === 'run') run(message.task);
  if (message.type === 'end measuring') {
    endNs = Math.min(endNs, message.atNs);
    takeHealth();
    load!.endMeasuring(endNs);
  }
  if (message.type === 'disconnect') void disconnect();
});
// The main process has ended for any reason, so its load ends too.
process.on('disconnect', () => process.exit(1));

const [, , descriptors, protocol] = process.argv;
steady(Number(descriptors));
await prime(clock, protocol === 'http2');
tell({ type: 'ready' });
