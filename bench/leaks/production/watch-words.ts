/** Turns the words of `ssebench watch` into a request. */
import { describeHeld, type Held } from '../../result/held.ts';
import {
  accepted,
  optionAsTyped,
  refused,
  visible,
  type Checked,
} from '../../scenario/complaint.ts';
import { formatDuration } from '../../scenario/duration.ts';
import type { OptionWords } from '../../scenario/option.ts';
import { readValues } from '../../scenario/values.ts';
import { inspectionsToJudge } from '../../verdict/steady-growth.ts';
import { watchOptions } from './watch-options.ts';
import type { WatchOptions } from './watch.ts';

export interface WatchWords {
  /** Words that belong to no option. */
  names: readonly string[];
  options: OptionWords;
  /** Whether to name collections with a snapshot of the heap. */
  snapshot: boolean;
}

export interface WatchRequest {
  pid: number;
  options: WatchOptions;
}

const usualEveryMs = 600_000;
/** The share of connections that are streams is unknown, so a small rate can be a leak. */
const usualTolerated = 0.05;

/** @returns the request, or all complaints */
export function readWatchWords({ names, options, snapshot }: WatchWords): Checked<WatchRequest> {
  const complaints = names.map(
    (name) => `${visible(name)}: is one word too many; give the process with --pid`,
  );
  const values = readValues(watchOptions, options, (complaint) => void complaints.push(complaint));
  const { pid, every: everyMs = usualEveryMs, for: forMs, inspections, ignore = [] } = values;
  if (options.pid === undefined)
    complaints.push(
      '--pid: is missing; give the process of the running server, such as --pid 4711',
    );
  const fitting = forMs === undefined ? Infinity : Math.floor(forMs / everyMs) + 1;
  if (complaints.length === 0 && fitting < inspectionsToJudge)
    complaints.push(
      `${optionAsTyped('--for', options.for!.at(-1)!)}: has time for ${counted(fitting)} with --every ${formatDuration(everyMs)}, and an alarm needs ${inspectionsToJudge}; give at least ${formatDuration(everyMs * (inspectionsToJudge - 1))}, or a shorter --every`,
    );
  if (pid === undefined || complaints.length > 0) return refused(...complaints);
  return accepted({
    pid,
    options: {
      everyMs,
      forMs,
      inspections,
      tolerated: values.maxGrowthPerDisconnect ?? usualTolerated,
      snapshot,
      isIgnored: (held: Held) => ignore.some((text) => describeHeld(held).includes(text)),
    },
  });
}

const counted = (inspections: number) =>
  inspections === 1 ? '1 inspection' : `${inspections} inspections`;
