/**
 * The program of the supervisor after ssebench has died. It ends all processes that have our mark
 * or descend from the watched ones.
 */
import { endAll, processesFrom } from './processes.ts';

const endWithinMs = 30_000;

const [marked = '', ...watched] = process.argv.slice(2);
const roots = watched.map((text) => {
  const [pid, started] = text.split(':') as [string, string];
  return { pid: Number(pid), started };
});
endAll(() => processesFrom(marked, roots), endWithinMs);
