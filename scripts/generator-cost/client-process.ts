/** The process of a client that takes its orders on stdin. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../bench/system/deadline.ts';
import { exitOf, launch } from '../../bench/system/launch.ts';

export interface ClientProcess {
  pid: number;
  /** Orders it to open streams, evenly spread over the ramp, and waits until all are open. */
  open(streams: number, rampMs: number): Promise<void>;
  count(): Promise<{ streams: number; events: number }>;
  stop(): Promise<void>;
}

const answerWithinMs = 20_000;
const openWithinMs = 60_000;
const orderEachMs = 10;

/** @throws if it does not start, does not answer in time, or ends */
export async function startClient(
  command: [string, ...string[]],
  cores: readonly number[] | undefined,
): Promise<ClientProcess> {
  const child = launch(command, { cores, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = exitOf(child);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  /** Artillery prints lines of its own. */
  async function nextLine(pattern: RegExp): Promise<string> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the client ended');
      if (pattern.test(value)) return value;
    }
  }
  const answer = (pattern: RegExp) => within(answerWithinMs, 'no answer', nextLine(pattern));
  child.stdin!.on('error', () => {}); // it has ended, which the next answer reports

  const client: ClientProcess = {
    pid: child.pid!,
    async open(streams, rampMs) {
      const startMs = performance.now();
      for (let ordered = 0; ordered < streams;) {
        const share = (performance.now() - startMs + orderEachMs) / rampMs;
        const due = Math.min(streams, Math.ceil(streams * share));
        if (due > ordered) child.stdin!.write(`open ${due - ordered}\n`);
        ordered = due;
        await sleep(orderEachMs);
      }
      const untilMs = performance.now() + openWithinMs;
      for (let open = 0; open < streams; await sleep(50)) {
        open = (await client.count()).streams;
        if (performance.now() > untilMs)
          throw new Error(`only ${open} of ${streams} streams are open after a minute`);
      }
    },
    async count() {
      child.stdin!.write('count\n');
      const [streams, events] = (await answer(/^\d+ \d+$/)).split(' ').map(Number);
      return { streams: streams!, events: events! };
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  try {
    await answer(/^ready$/);
    return client;
  } catch (error) {
    await client.stop();
    throw error;
  }
}
