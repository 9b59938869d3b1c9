/** All generators of a round: started together, told together, their results merged into one. */
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mergeEncoded } from '../measure/histogram.ts';
import { generatorHistograms, type Recording } from '../measure/recorder.ts';
import { reservedDescriptors } from '../scenario/limits.ts';
import { launch } from '../target/launch.ts';
import type { FromGenerator, GeneratorHealth, LoadProgress, LoadResult, LoadTask, ToGenerator } from './task.ts';

export interface Fleet {
  run(task: Omit<LoadTask, 'generator' | 'generators'>): void;
  progress(): LoadProgress;
  /** Closes all streams at once, collects what was measured, and ends the processes. */
  disconnect(): Promise<FleetResult>;
  /** Rejects when a generator ends before it has delivered. */
  failed: Promise<never>;
  /** Ends the processes, in whatever state they are. */
  kill(): void;
}

export interface FleetResult {
  recording: Recording;
  generators: GeneratorHealth[];
  closedNs: LoadResult['closedNs'];
}

/** What one generator's loop can take in with room to spare; measured at about 88,000. */
const eventsPerSecond = 50_000;

/** Closing its streams takes a generator a tenth of a second for every few thousand. */
const answerWithinMs = 15_000;

/** How many generators a load needs: for its descriptors always, for its events as far as there are cores. */
export function generatorsFor(
  load: { streams: number; eventsPerSecond: number },
  machine: { descriptors: number; loadCores: number | undefined },
): number {
  const forDescriptors = Math.ceil(load.streams / (machine.descriptors - reservedDescriptors));
  const forEvents = Math.ceil(load.eventsPerSecond / eventsPerSecond);
  return Math.max(1, forDescriptors, Math.min(forEvents, machine.loadCores ?? availableParallelism()));
}

/** Starts the generators, and waits until all of them are ready for a task. */
export async function startFleet(size: number, cores: readonly number[] | undefined): Promise<Fleet> {
  const generators = Array.from({ length: size }, () => startGenerator(cores));
  const kill = () => generators.forEach(({ child }) => child.kill('SIGKILL'));
  const failed = Promise.race(generators.map((generator) => generator.failed));
  failed.catch(() => {}); // reported where it is raced against
  await Promise.race([Promise.all(generators.map(({ ready }) => ready)), failed]).catch((error) => {
    kill();
    throw error;
  });

  return {
    failed,
    kill,
    run: (task) =>
      generators.forEach(({ tell }, generator) => tell({ type: 'run', task: { ...task, generator, generators: size } })),
    progress: () =>
      generators.reduce((sum, { progress }) => ({ open: sum.open + progress.open, events: sum.events + progress.events }), {
        open: 0,
        events: 0,
      }),
    async disconnect() {
      generators.forEach(({ tell }) => tell({ type: 'disconnect' }));
      const late = new AbortController();
      const results = await Promise.race([
        Promise.all(generators.map(({ done }) => done)),
        failed,
        sleep(answerWithinMs, undefined, { signal: late.signal }).then(() => {
          throw new Error(`a generator did not answer within ${answerWithinMs / 1000} s`);
        }),
      ]).finally(() => late.abort());
      kill();
      return mergeResults(results);
    },
  };
}

function startGenerator(cores: readonly number[] | undefined) {
  let delivered = false;
  const file = fileURLToPath(new URL('generator.ts', import.meta.url));
  const child: ChildProcess = launch([process.execPath, file], { cores, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<LoadResult>();
  const generator = {
    child,
    ready: ready.promise,
    done: done.promise,
    progress: { open: 0, events: 0 },
    tell: (message: ToGenerator) => void (child.connected && child.send(message)),
    failed: new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) => {
        if (!delivered) reject(new Error(`a generator ended: ${signal ?? `exit code ${code}`}`));
      });
    }),
  };
  child.on('error', () => {}); // a message to one that has just ended; `failed` tells of it
  child.on('message', (message: FromGenerator) => {
    if (message.type === 'ready') ready.resolve();
    if (message.type === 'progress') generator.progress = message;
    if (message.type === 'done') {
      delivered = true;
      done.resolve(message.result);
    }
  });
  return generator;
}

/** Sums counts, merges histograms. */
export function mergeResults(results: readonly LoadResult[]): FleetResult {
  const recordings = results.map(({ recording }) => recording);
  const ascending = (cohort: 'paced' | 'quiet') =>
    Float64Array.from(results.flatMap(({ closedNs }) => [...closedNs[cohort]])).toSorted();
  return {
    recording: mergeRecordings(recordings),
    generators: results.map(({ health }) => health),
    closedNs: { paced: ascending('paced'), quiet: ascending('quiet') },
  };
}

function mergeRecordings([first, ...others]: readonly Recording[]): Recording {
  const merged = structuredClone(first!);
  for (const { counts, failures } of others) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) merged.counts[key] += counts[key];
    for (const [cause, { count, example }] of Object.entries(failures)) {
      (merged.failures[cause] ??= { count: 0, example }).count += count;
    }
  }
  for (const name of generatorHistograms) {
    merged.histograms[name] = mergeEncoded([first!, ...others].map(({ histograms }) => histograms[name]));
  }
  return merged;
}
