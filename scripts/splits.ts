/**
 * Splits random responses at random, and compares what two readers see. Ten million splits are read
 * by the reader of responses and by a plain parser, in one thread for each core. Then both
 * transports read 20,000 responses over real sockets. Run `npm run splits`, or
 * `npm run splits -- SPLITS RESPONSES-OVER-SOCKETS`.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { compareSplits, splitsOfEach } from '../bench/tests/fixtures/helpers/compare-splits.ts';
import { compareTransports } from '../bench/tests/fixtures/helpers/compare-transports.ts';
import { keepProof } from './keep-proof.ts';

/** Responses that a thread reads before it reports. */
const batch = 10_000;

interface Batch {
  responses: number;
  events: number;
  comments: number;
  retries: number;
  /** Splits with a difference, and the first of them as text. */
  different: number;
  example: string | undefined;
}

function compareBatch(firstSeed: number, responses: number): Batch {
  const sum: Batch = {
    responses,
    events: 0,
    comments: 0,
    retries: 0,
    different: 0,
    example: undefined,
  };
  for (let seed = firstSeed; seed < firstSeed + responses; seed++) {
    const { parsed, different } = compareSplits(seed);
    sum.events += parsed.events.length;
    sum.comments += parsed.comments;
    sum.retries += parsed.retries.length;
    sum.different += different.length;
    if (different[0]) sum.example ??= JSON.stringify(different[0]);
  }
  return sum;
}

async function compareInThreads(responses: number) {
  const total = { responses: 0, events: 0, comments: 0, retries: 0, different: 0 };
  const startMs = performance.now();
  let next = 0;
  function* batches() {
    for (; next < responses; next += batch) yield [next, Math.min(batch, responses - next)];
  }
  const left = batches();
  let shown = 0;
  function take({ example, ...found }: Batch) {
    for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += found[what];
    if (example !== undefined) console.error(`Different: ${example}`);
    const percent = Math.floor((100 * total.responses) / responses);
    if (percent >= shown + 5) console.log(`${(shown = percent)} %: ${total.different} differences`);
  }
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: 'compare' });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      const give = () => worker.postMessage(left.next().value ?? []);
      worker.on('message', (found: Batch) => {
        take(found);
        give();
      });
      worker.once('error', reject).once('exit', () => resolve());
      give();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { ...total, seconds: secondsSince(startMs) };
}

const secondsSince = (startMs: number) => (performance.now() - startMs) / 1000;

if (!isMainThread && workerData === 'compare') {
  parentPort!.on('message', ([firstSeed, responses]: [] | [number, number]) => {
    if (firstSeed === undefined) return parentPort!.close();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort!.postMessage(compareBatch(firstSeed, responses!));
  });
} else {
  const [splits = 10_000_000, overSockets = 20_000] = process.argv.slice(2).map(Number);
  const compared = await compareInThreads(Math.ceil(splits / splitsOfEach));
  const inProcess = { ...compared, splits: splitsOfEach * compared.responses };
  const startMs = performance.now();
  const { ends, different } = await compareTransports(overSockets);
  const proof = {
    inProcess,
    overSockets: {
      responses: overSockets,
      ends,
      different: different.length,
      seconds: secondsSince(startMs),
    },
  };
  if (different[0]) console.error(`Different over sockets: ${JSON.stringify(different[0])}`);
  const given = process.argv.slice(2).join(' ');
  keepProof('splits', `npm run splits${given === '' ? '' : ` -- ${given}`}`, proof);
  console.log(proof);
  if (inProcess.different + different.length > 0) process.exitCode = 1;
}
