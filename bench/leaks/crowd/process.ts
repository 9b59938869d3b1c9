/**
 * The process of a crowd: all its clients connect at once. Some disconnect modes kill the whole
 * process, as a client can be killed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { addUp } from '../../measure/failure-counts.ts';
import type { Causes } from '../../result/recording.ts';
import { randomFrom } from '../../statistics/random.ts';
import { createAgents } from '../../stream/node-request.ts';
import { requestsOf } from '../../stream/stream-request.ts';
import { visit, type Client, type Visit } from './client.ts';
import type { CrowdReport, CrowdTask, ToCrowd } from './task.ts';

const seed = 1;

let clients: Client[] = [];
let last: CrowdTask;

process.on('message', async (message: ToCrowd) => {
  if (message.type === 'visit') {
    last = message.task;
    const random = randomFrom(seed);
    const requests = requestsOf(last.url, last.request);
    const agents = createAgents(false, last.mode.when !== 'when blocked');
    clients = [];
    for (let n = 0; n < last.streams; n++) {
      const request = { ...requests(last.firstStream + n), localAddress: last.localAddress };
      clients.push(visit(last, request, agents, random));
      if (last.overMs > 0) await sleep(last.overMs / last.streams);
    }
  } else await Promise.all(clients.map((client) => client.disconnect()));
  const visits = await Promise.all(clients.map(({ seen }) => seen));
  process.send?.(reportOf(visits, last.events));
});
// The parent process has ended.
process.on('disconnect', () => process.exit());

function reportOf(visits: readonly Visit[], events: number): CrowdReport {
  const failures: Causes = {};
  for (const { failure } of visits)
    if (failure) addUp(failures, { [failure.cause]: { count: 1, example: failure.message } });
  const headersMs = visits.flatMap((each) => each.headersMs ?? []).toSorted((a, b) => a - b);
  return {
    opened: headersMs.length,
    served: visits.filter((each) => each.events >= events || each.hurried).length,
    hurried: visits.filter(({ hurried }) => hurried).length,
    events: visits.reduce((sum, each) => sum + each.events, 0),
    ended: visits.filter(({ ended }) => ended).length,
    failures,
    redirects: Math.max(0, ...visits.map(({ redirects }) => redirects)),
    headersMs: headersMs[Math.floor(headersMs.length / 2)] ?? null,
    disconnectedNs: visits.flatMap((each) => each.disconnectedNs ?? []).toSorted((a, b) => a - b),
  };
}
