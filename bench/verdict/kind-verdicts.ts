/**
 * Verdicts of a load kind on each server, over its rounds. Most load kinds give none and leave the
 * figures to the reader. Pure.
 */
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { KindVerdict } from '../scenario/kinds/kind.ts';
import { kindOf } from '../scenario/kinds/kinds.ts';
import type { Scenario } from '../scenario/scenario.ts';

export type ServerKindVerdict = KindVerdict & { server: string };

/**
 * @returns a verdict for each server that has a valid round with an outcome; empty if the load kind
 * does not judge
 */
export function judgeByKind(
  { load }: Pick<Scenario, 'load'>,
  servers: readonly ServerRounds[],
): ServerKindVerdict[] {
  const kind = kindOf(load);
  if (!kind.judge) return [];
  return servers.flatMap(({ server, valid }) => {
    const outcomes = valid.flatMap(({ outcome }) => outcome ?? []);
    return outcomes.length === 0 ? [] : [{ server, ...kind.judge!(outcomes) }];
  });
}
