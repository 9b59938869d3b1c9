/** The options that shape the load: help and validation take theirs from here. */
import { optionAsTyped, type Complain, type Mentions } from './complaint.ts';
import { parseDuration } from './duration.ts';
import { disconnectModes, type DisconnectMode } from './scenario.ts';

interface RunOption<Value = number | DisconnectMode> {
  flags: string;
  about: string;
  /** @returns the value, or what it must be */
  read(text: string): Value | { must: string };
}

function wholeNumber(min: number, max: number, example: string): RunOption<number>['read'] {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return { must: `a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}, such as ${example}` };
  };
}

function duration(minMs: number, example: string): RunOption<number>['read'] {
  return (text) => {
    const value = parseDuration(text) ?? NaN;
    if (value >= minMs && value <= longestMs && Number.isInteger(value)) return value;
    return { must: `a duration with its unit, in whole milliseconds, from ${minMs}ms to 24h, such as ${example}` };
  };
}

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word | { must: string } {
  return (text) => words.find((word) => word === text) ?? { must: words.join(' or ') };
}

const longestMs = 24 * 3_600_000;
const mostStreams = 1_000_000;

export const runOptions = {
  streams: {
    flags: '--streams [N]',
    about: 'concurrent streams (default: 1000)',
    read: wholeNumber(1, mostStreams, '--streams 1000'),
  },
  interval: {
    flags: '--interval [TIME]',
    about: 'time between two events of a stream; of a URL, what it is known to keep (default: 100ms)',
    read: duration(1, '--interval 100ms'),
  },
  duration: {
    flags: '--duration [TIME]',
    about: 'how long to measure in each round (default: 2.5s, or ten intervals if longer)',
    read: duration(1, '--duration 10s'),
  },
  ramp: {
    flags: '--ramp [TIME]',
    about: 'time over which the streams are opened (default: 1.5s, or 1s per 1,000 streams if longer)',
    read: duration(0, '--ramp 5s'),
  },
  warmup: {
    flags: '--warmup [TIME]',
    about: 'time between the ramp and the measuring (default: 500ms, or three intervals if longer)',
    read: duration(0, '--warmup 2s'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'how often to measure each server, in shuffled order (default: 3)',
    read: wholeNumber(1, 1000, '--rounds 6'),
  },
  quietStreams: {
    flags: '--quiet-streams [N]',
    about: 'streams beside the others on which nothing is sent (default: a fifth, at most 200; URL: 0)',
    read: wholeNumber(0, mostStreams, '--quiet-streams 200'),
  },
  disconnect: {
    flags: '--disconnect [MODE]',
    about: 'how all streams leave: fin, like a page that is closed, or reset (default: fin)',
    read: oneOf(disconnectModes),
  },
  seed: {
    flags: '--seed [N]',
    about: 'repeats the order of rounds and the arrivals of an earlier run (default: a new one, recorded)',
    read: wholeNumber(0, 2 ** 32 - 1, '--seed 42'),
  },
} satisfies Record<string, RunOption>;

/** `--quiet-streams`, as a person writes it. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

type OptionName = keyof typeof runOptions;
type Values = { [Name in OptionName]?: Exclude<ReturnType<(typeof runOptions)[Name]['read']>, { must: string }> };

/** What was typed: option → every mention of it. */
export type OptionWords = Readonly<Record<string, Mentions | undefined>>;

/** Reads what was typed, and complains of every mention that is bad; the last good one counts. */
export function readValues(options: OptionWords, complain: Complain): Values {
  const values: Partial<Record<OptionName, Values[OptionName]>> = {};
  for (const [name, option] of Object.entries(runOptions) as [OptionName, RunOption][]) {
    for (const text of options[name] ?? []) {
      const value = option.read(text === true ? '' : text);
      if (typeof value !== 'object') values[name] = value;
      else complain(`${optionAsTyped(flagOf(option), text)}: must be ${value.must}`);
    }
  }
  return values as Values;
}
