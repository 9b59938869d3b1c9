/** Sentences on the capacity of servers. Pure. */
import type { RunResult } from '../../result/run-result.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { loadOf } from '../../scenario/scenario.ts';
import { formatNumber } from './format.ts';

type Found = RunResult['capacity'][number];

/**
 * @returns for each server: the load it sustains, how certain that is, and what failed beyond it
 */
export function capacityLines({
  capacity,
  scenario,
}: Pick<RunResult, 'capacity' | 'scenario'>): string[] {
  const searched = loadOf(scenario, 'search');
  const inWords = (load: number) =>
    searched?.of === 'rate'
      ? `an event each ${formatDuration(Math.max(1, Math.round(1_000 / load)))} on each stream`
      : `${formatNumber(load)} streams`;
  const tries = ({ steps }: Found, load: number, held: boolean) => {
    const own = steps.filter((step) => step.load === load);
    return `${own.filter(({ holds }) => holds === held).length} of ${own.length} rounds`;
  };
  return capacity.map((found) => {
    const { server, most, tooMuch, reason, steps } = found;
    if (reason !== null) return `${server}: how much it sustains cannot be told: ${reason}.`;
    const sustains =
      most === null
        ? 'does not sustain even the least load that was tried'
        : `sustains ${inWords(most)} (in ${tries(found, most, true)})`;
    if (tooMuch === null)
      return `${server}: ${most === null ? 'was not tried to the end' : `${sustains}, and no more was tried`}.`;
    const { why = '', bottleneck = '' } =
      steps.findLast(({ load, holds }) => load === tooMuch && !holds) ?? {};
    return `${server}: ${sustains}; not ${inWords(tooMuch)} (in ${tries(found, tooMuch, false)}): ${why}. What gave out: ${bottleneck}.`;
  });
}
