/**
 * The load of answers: each is one request that the server ends. In the closed model each answer is
 * followed by the next; in the open model requests arrive as planned.
 */
import { meetsAll } from '../../measure/answers/limits.ts';
import { createAnswerRecorder } from '../../measure/answers/recorder.ts';
import { randomFrom } from '../../statistics/random.ts';
import { requestsOf } from '../../stream/stream-request.ts';
import { wallOffsetNs } from '../../system/wall-clock.ts';
import type { LoadSurroundings } from '../connections.ts';
import { streamCloseMethod } from '../disconnecting.ts';
import { followPlan } from '../follow-plan.ts';
import type { Load } from '../load.ts';
import { planArrivals, shareOf } from '../plan.ts';
import type { AnswersTask, LoadTask } from '../task.ts';
import { openAnswer, type AnswerStream } from './answer-stream.ts';

/** After a failure a client waits, since a server that refuses would be flooded. */
const afterFailureMs = 100;

export function startAnswers(
  task: LoadTask & { answers: AnswersTask },
  surroundings: LoadSurroundings,
): Load {
  const { arrivals: model, format, maxEvents, abortWithinMs, timeoutMs } = task.answers;
  const { expect: limits } = task.answers;
  const { clock } = surroundings;
  const recorder = createAnswerRecorder({
    ...task,
    format,
    isPlanned: model !== null,
    meetsLimits: limits.length > 0 ? (figures) => meetsAll(limits, figures) : null,
    wallOffsetNs: () => wallOffsetNs(clock),
  });
  const requestOf = requestsOf(task.url, task.request, task.localAddresses);
  const arrivals = shareOf(planArrivals(task.plan), task);
  const running = new Set<AnswerStream>();
  const most = model === null ? Infinity : Math.ceil(model.most / task.generators);
  const random = randomFrom(task.plan.seed + task.generator);
  let isStopped = false;
  let requests = 0;

  /** @param then takes whether the answer has failed */
  function start(number: number, intendedNs: number, then: (hasFailed: boolean) => void) {
    let isOver = false;
    let stream: AnswerStream | undefined;
    const opened = openAnswer({
      answer: recorder.begin(intendedNs, clock.nowNs()),
      request: requestOf(number),
      recorder,
      surroundings,
      maxEvents,
      timeoutMs,
      abortAfterMs: abortWithinMs && random() * abortWithinMs,
      hasMarker: format !== null && format.end !== null,
      method: streamCloseMethod(task.disconnect),
      over(hasFailed) {
        isOver = true;
        if (stream) running.delete(stream);
        then(hasFailed);
      },
    });
    if (isOver) return; // it failed at once
    running.add((stream = opened));
  }
  /** One of the clients of the closed model: its answers follow each other. */
  function runClient(intendedNs: number) {
    if (isStopped || clock.nowNs() >= recorder.endNs()) return;
    const number = task.generator + task.generators * requests++;
    start(number, intendedNs, (hasFailed) => {
      if (hasFailed) setTimeout(() => runClient(clock.nowNs()), afterFailureMs);
      else runClient(clock.nowNs());
    });
  }
  function arrive(number: number, intendedNs: number) {
    if (running.size >= most) recorder.drop(intendedNs);
    else start(number, intendedNs, () => {});
  }
  const startNoMore = followPlan({
    // Nothing but its end, a limit or the end of the run ends an answer.
    arrivals: arrivals.map(({ atMs, cohort, number }) => ({ atMs, cohort, number })),
    rampAtNs: task.rampAtNs,
    clock,
    start(place) {
      const { atMs, number } = arrivals[place]!;
      const intendedNs = task.rampAtNs + atMs * 1e6;
      if (model === null) runClient(intendedNs);
      else arrive(number, intendedNs);
    },
    endLifetime() {},
  });

  return {
    progress: () => ({
      open: running.size,
      events: recorder.events(),
      loopDelayMs: null,
      deliveryMs: null,
    }),
    endMeasuring(atNs) {
      startNoMore();
      recorder.endMeasuring(atNs);
    },
    caughtUp() {},
    async disconnect() {
      isStopped = true;
      startNoMore();
      const closedNs: number[] = [];
      await Promise.all([...running].map((stream) => cutOff(stream, closedNs)));
      return {
        recording: recorder.recording(),
        answers: recorder.findings(),
        closedNs: { paced: Float64Array.from(closedNs), quiet: new Float64Array(0) },
      };
    },
  };

  /** @param closedNs gets the time at which the stream was closed, in ascending order */
  function cutOff(stream: AnswerStream, closedNs: number[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const left = () => {
      closedNs.push(clock.nowNs());
      resolve();
    };
    // If this process is about to be killed, its streams end with it.
    stream.cutOff(task.disconnect === 'kill' ? null : task.disconnect, left);
    return promise;
  }
}
