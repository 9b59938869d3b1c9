/** The process that tries a mode in its own network namespace. */
import { once } from 'node:events';
import type { ApartTask, FromApart, News } from './trial.ts';
import { check } from '../check.ts';
import type { CheckWatch } from '../modes/watch.ts';
import { setUpNetwork } from './network.ts';
import { CannotInspect } from '../checked-server/open.ts';

// The parent process has ended, or has aborted the trial.
const over = new AbortController();
process.on('disconnect', () => over.abort());

function report(news: News) {
  if (process.connected) process.send!(news);
}
const watch: CheckWatch = {
  progress: ({ rounds, isWaiting, held }) => report({ progress: { rounds, isWaiting, held } }),
  found: (_cause, _mode, leaks) => report({ found: leaks }),
};

const [task] = (await once(process, 'message')) as [ApartTask];
async function answerTo({ spec, options }: ApartTask): Promise<FromApart> {
  try {
    setUpNetwork();
  } catch (error) {
    return {
      impossible: `the separate network namespace could not be set up: ${(error as Error).message.trim()}`,
    };
  }
  try {
    return { result: await check(spec, options, over.signal, watch, true) };
  } catch (error) {
    const { message } = error as Error;
    return error instanceof CannotInspect
      ? { impossible: `in a separate network namespace: ${message}` }
      : { failed: message };
  }
}
const answer = await answerTo(task);
if (process.connected) process.send!(answer);
