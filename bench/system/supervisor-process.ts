/** What the supervisor becomes when we have died: it ends all that has our mark, or descends from what we watched. */
import { endAll, processesFrom } from './processes.ts';

const endWithinMs = 30_000;

const [marked = '', ...watched] = process.argv.slice(2);
const roots = watched.map((text) => {
  const [pid, started] = text.split(':') as [string, string];
  return { pid: Number(pid), started };
});
endAll(() => processesFrom(marked, roots), endWithinMs);
