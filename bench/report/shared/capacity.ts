/** Sentences on the capacity of servers. Pure. */
import type { RunResult } from '../../result/run-result.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { loadOf } from '../../scenario/scenario.ts';
import { counted } from './format.ts';

type Found = RunResult['capacity'][number];

/** A load of the search: `2,400 streams`, or the interval of the events on each stream. */
export function loadInWords({ scenario }: Pick<RunResult, 'scenario'>, load: number): string {
  return loadOf(scenario, 'search')?.of === 'rate'
    ? `one event per ${formatDuration(Math.max(1, Math.round(1_000 / load)))} on each stream`
    : counted(load, 'stream');
}

/** Whether the search was interrupted before it found a load that holds. */
export const isUnfinished = ({ most, tooMuch, reason }: Found): boolean =>
  most === null && tooMuch === null && reason === null;

/**
 * @returns for each server: the load it sustains, how certain that is, and what failed beyond it;
 * nothing for an unfinished search, which the status of the result reports
 */
export const capacityLines = (result: Pick<RunResult, 'capacity' | 'scenario'>): string[] =>
  result.capacity
    .filter((found) => !isUnfinished(found))
    .map((found) => `${found.server}: ${capacityOf(found, result)}.`);

function capacityOf(
  { most, tooMuch, reason, steps }: Found,
  result: Pick<RunResult, 'scenario'>,
): string {
  if (reason !== null) return `the capacity could not be determined: ${reason}`;
  const tries = (load: number, held: boolean) => {
    const own = steps.filter((step) => step.load === load);
    return `${own.filter(({ holds }) => holds === held).length} of ${counted(own.length, 'round')}`;
  };
  const sustained =
    most === null ? '' : `sustains ${loadInWords(result, most)} (${tries(most, true)})`;
  if (tooMuch === null) return `${sustained}; higher loads were not tried`;
  const { why = '', bottleneck = '' } =
    steps.findLast(({ load, holds }) => load === tooMuch && !holds) ?? {};
  const beyond = loadInWords(result, tooMuch);
  const found = sustained
    ? `${sustained}, but not ${beyond} (${tries(tooMuch, false)})`
    : `does not sustain the lowest load, ${beyond} (${tries(tooMuch, false)} failed)`;
  return `${found}: ${why}. Limit reached first: ${bottleneck}`;
}
