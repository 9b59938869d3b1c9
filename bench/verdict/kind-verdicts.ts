/** What a load kind says of each server, over its rounds. Most kinds say nothing: their figures are for a person to read. Pure. */
import { roundsOf } from '../metrics/summary.ts';
import type { RunResult } from '../result/run-result.ts';
import type { KindVerdict } from '../scenario/kinds/kind.ts';
import { kindOf } from '../scenario/kinds/kinds.ts';

/** @returns a verdict for each server that has a valid round with an outcome; none where the load kind does not judge */
export function judgeByKind(
  result: Pick<RunResult, 'scenario' | 'targets' | 'rounds'>,
): (KindVerdict & { server: string })[] {
  const kind = kindOf(result.scenario.load);
  if (!kind.judge) return [];
  return result.targets.flatMap((server) => {
    const outcomes = roundsOf(result, server).valid.flatMap(({ outcome }) => outcome ?? []);
    return outcomes.length === 0 ? [] : [{ server, ...kind.judge!(outcomes) }];
  });
}
