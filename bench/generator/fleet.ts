/**
 * All generators of a round: starts them together, sends them the same messages, merges their
 * results.
 */
import { within } from '../system/deadline.ts';
import { machineClock } from '../system/clock.ts';
import { exitOf, launch, programBeside } from '../system/launch.ts';
import { later, mergeProgress, mergeResults, type FleetResult } from './merge.ts';
import { hasGeneratorForRemaining } from '../load/plan.ts';
import { steadyArguments, steadyEnvironment } from './avoid-pauses.ts';
import type {
  FromGenerator,
  LoadProgress,
  LoadResult,
  LoadTask,
  ToGenerator,
} from '../load/task.ts';

export interface Fleet {
  run(task: Omit<LoadTask, 'generator' | 'generators'>): void;
  progress(): LoadProgress;
  /** The same, with the longest delay of all reports since the last call. */
  takeProgress(): LoadProgress;
  /** Ends the measurement early. */
  endMeasuring(atNs: number): void;
  /** Closes all streams at once and collects the measured data. */
  disconnect(): Promise<FleetResult>;
  /** The same for a failed round: what the generators that still run have measured. */
  salvage(): Promise<FleetResult | undefined>;
  /** Rejects when a generator ends before it has delivered its result. */
  failed: Promise<never>;
  /** Ends the processes in any state, and waits until they have ended. */
  kill(): Promise<void>;
}

const clock = machineClock();

const readyWithinMs = 15_000;
/** A generator closes its streams before it answers. On a busy machine that takes long. */
const answerWithinMs = { least: 15_000, perStream: 0.5 };

export interface GeneratorNeeds {
  descriptors: number;
  isHttp2: boolean;
}

/**
 * Starts the generators, and waits until all of them are ready for a task.
 *
 * @param needs the highest number of descriptors that each will have open, and whether their load is
 * for HTTP/2
 * @param signal stops waiting for them
 */
export async function startFleet(
  size: number,
  cores: readonly number[] | undefined,
  needs: GeneratorNeeds,
  signal?: AbortSignal,
): Promise<Fleet> {
  const generators = Array.from({ length: size }, (_, index) =>
    startGenerator(cores, needs, size === 1 ? 'a generator' : `generator ${index + 1} of ${size}`),
  );
  const failed = Promise.race(generators.map((generator) => generator.failed));
  failed.catch(() => {}); // reported by the race
  const all = <T>(timeMs: number, what: string, promises: Promise<T>[], until?: AbortSignal) =>
    within(
      timeMs,
      `a generator ${what} within ${timeMs / 1000} s, so this machine is too busy; stop other programs on it, or use fewer streams`,
      Promise.race([Promise.all(promises), failed]),
      until,
    );

  let answerMs = answerWithinMs.least;
  /** The generators whose streams end because ssebench kills the process. */
  let dying = generators.slice(0, 0);

  const fleet: Fleet = {
    failed,
    run(task) {
      answerMs += answerWithinMs.perStream * task.plan.streams;
      if (task.disconnect === 'kill')
        dying = generators.slice(0, hasGeneratorForRemaining(task) ? -1 : size);
      generators.forEach(({ tell }, generator) =>
        tell({ type: 'run', task: { ...task, generator, generators: size } }),
      );
    },
    progress: () => mergeProgress(generators.map(({ progress }) => progress)),
    takeProgress: () => mergeProgress(generators.map(({ takeProgress }) => takeProgress())),
    endMeasuring: (atNs) => generators.forEach(({ tell }) => tell({ type: 'end measuring', atNs })),
    async disconnect() {
      const answers = (those: typeof generators) =>
        all(
          answerMs,
          'did not answer',
          those.map(({ done }) => done),
        );
      for (const { tell } of dying) tell({ type: 'disconnect' });
      for (const { closedNs } of await answers(dying))
        for (const times of Object.values(closedNs)) times.fill(clock.nowNs());
      const dead = dying.map(({ kill }) => kill());
      for (const { tell } of generators) tell({ type: 'disconnect' });
      const results = await answers(generators);
      await Promise.all(dead);
      // A generator for remaining streams measures only once the others are dead. It has the core to
      // itself then, so its health is left out.
      return {
        ...mergeResults(results),
        ...(dying.length > 0 && {
          generators: results.slice(0, dying.length).map(({ health }) => health),
        }),
      };
    },
    async salvage() {
      generators.forEach(({ tell }) => tell({ type: 'disconnect' }));
      const answers = generators.map((generator) =>
        Promise.race([generator.done, generator.failed]),
      );
      const settled = await Promise.allSettled(
        answers.map((answer) => within(answerMs, 'no answer', answer)),
      );
      const results = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      return results.length > 0 ? mergeResults(results) : undefined;
    },
    async kill() {
      await Promise.all(generators.map((generator) => generator.kill()));
    },
  };
  try {
    await all(
      readyWithinMs,
      'was not ready',
      generators.map(({ ready }) => ready),
      signal,
    );
    return fleet;
  } catch (error) {
    await fleet.kill();
    throw error;
  }
}

/** @param name for people */
function startGenerator(
  cores: readonly number[] | undefined,
  { descriptors, isHttp2 }: GeneratorNeeds,
  name: string,
) {
  const file = programBeside(import.meta.url, 'generator');
  const needs = [String(descriptors), ...(isHttp2 ? ['http2'] : [])];
  const child = launch([process.execPath, ...steadyArguments, file, ...needs], {
    cores,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...steadyEnvironment },
  });
  const exited = exitOf(child);
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<LoadResult>();
  let delivered = false;
  let untaken: LoadProgress | undefined;
  const generator = {
    ready: ready.promise,
    done: done.promise,
    progress: { open: 0, eventsPerSecond: 0, loopDelayMs: null, deliveryMs: null } as LoadProgress,
    takeProgress() {
      const taken = untaken ?? generator.progress;
      untaken = undefined;
      return taken;
    },
    tell: (message: ToGenerator) => void (child.connected && child.send(message)),
    failed: exited.then(({ code, signal }): Promise<never> => {
      if (delivered) return new Promise(() => {}); // it has finished its task
      const { open } = generator.progress;
      const lost = open > 0 ? `; the figures of its ${open} open streams are lost` : '';
      throw new Error(`${name} ended unexpectedly: ${signal ?? `exit code ${code}`}${lost}`);
    }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  child.on('error', () => {}); // a message to a process that has just ended; `failed` reports that
  child.on('message', (message: FromGenerator) => {
    if (message.type === 'ready') ready.resolve();
    if (message.type === 'progress') {
      generator.progress = message;
      untaken = untaken ? later(untaken, message) : message;
    }
    if (message.type === 'done') {
      delivered = true;
      done.resolve(message.result);
    }
  });
  return generator;
}
