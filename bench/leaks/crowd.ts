/** The process of a crowd: all its clients visit at once. It can be killed as a whole, as a client may be. */
import { addUp, type FailureCount } from '../measure/recorder.ts';
import { randomFrom } from '../scenario/random.ts';
import { visit, type Visit } from './client.ts';
import type { CrowdReport, CrowdTask, FromCrowd } from './crowd-task.ts';

const seed = 1;

process.on('message', async (task: CrowdTask) => {
  const random = randomFrom(seed);
  const visits = await Promise.all(Array.from({ length: task.streams }, () => visit(task, random)));
  process.send?.({ type: 'over', report: reportOf(visits, task.events) } satisfies FromCrowd);
});
// Whoever sent us has gone.
process.on('disconnect', () => process.exit());

function reportOf(visits: readonly Visit[], events: number): CrowdReport {
  const failures: Record<string, FailureCount> = {};
  for (const { failure } of visits) if (failure) addUp(failures, { [failure.cause]: { count: 1, example: failure.message } });
  const headersMs = visits.flatMap((each) => each.headersMs ?? []).toSorted((a, b) => a - b);
  return {
    opened: headersMs.length,
    served: visits.filter((each) => each.events >= events).length,
    events: visits.reduce((sum, each) => sum + each.events, 0),
    ended: visits.filter(({ ended }) => ended).length,
    failures,
    headersMs: headersMs[Math.floor(headersMs.length / 2)] ?? null,
  };
}
