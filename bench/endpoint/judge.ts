/** Computes all findings from the observations. Pure. */
import {
  severities,
  type EndpointFinding,
  type EndpointResult,
} from '../result/endpoint-result.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { Observations } from './observations.ts';
import { busy, whyNoTimes } from './topics/busy.ts';
import { headers } from './topics/headers.ts';
import { shutdown } from './topics/shutdown.ts';
import { status } from './topics/status.ts';
import type { Topic } from './topics/topic.ts';
import { topics } from './topics/topics.ts';

export type Judgement = Pick<EndpointResult, 'findings' | 'fine' | 'skipped'>;

/** The topics that the response can be judged by. */
function topicsFor({ first, crash }: Observations): readonly Topic[] {
  if (first.status === null) return [busy, headers];
  if (first.status === 200 && !isOther(first)) return topics;
  return crash === null ? [status] : [status, shutdown];
}

/** Another content type is a stream anyway if it contains events. */
const isOther = ({ headers: { 'content-type': type = '' }, frames }: Observations['first']) =>
  frames.events.length === 0 && !/event-stream/i.test(type);

export function judge(observations: Observations): Judgement {
  const all = topicsFor(observations).map((topic) => ({
    topic,
    ...judgeTopic(topic, observations),
  }));
  const rank = ({ severity }: EndpointFinding) => severities.indexOf(severity);
  return {
    findings: all
      .flatMap(({ findings }) => findings)
      .toSorted((one, other) => rank(one) - rank(other)),
    fine: all.flatMap(({ topic, reason, findings }) =>
      topic !== busy && reason === undefined && findings.length === 0 ? topic.name : [],
    ),
    skipped: all.flatMap(({ topic, reason }) =>
      reason === undefined ? [] : { topic: topic.name, reason },
    ),
  };
}

function judgeTopic(
  { name: topic, skip, rows, dependsOnTime }: Topic,
  observations: Observations,
): { findings: EndpointFinding[]; reason: string | undefined } {
  const noTimes = dependsOnTime && whyNoTimes(observations);
  if (noTimes) return { findings: [], reason: noTimes };
  const findings = rows.flatMap(({ find, ...row }) => {
    const evidence = find(observations);
    return evidence === undefined ? [] : { ...row, topic, evidence: textWithoutSecrets(evidence) };
  });
  return { findings, reason: findings.length > 0 ? undefined : skip?.(observations) };
}
