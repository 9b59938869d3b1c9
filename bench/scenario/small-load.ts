/**
 * The default load of URLs that ssebench knows only from outside. It is small, since the first run
 * of a new user may go to a server that others use. Pure.
 */
import type { SmallValues } from './kinds/kind.ts';
import { hasProcess, type ServerUnderTest } from './scenario.ts';

type SmallOption = keyof SmallValues;

/** An option with a small default. */
interface SmallDefault {
  value: number;
  /** The number to give for the usual load. */
  usual: number;
}
/** The options of a load, as far as they have a small default. */
export type SmallLoad = { readonly [Option in SmallOption]?: SmallDefault };

/** The small default of a load kind that has no other. */
const usualSmall: SmallValues = { streams: 100, rounds: 1 };

/** Each option: the number to give for the usual load and for verdicts, and its words. */
const optionTable: Readonly<
  Record<SmallOption, { flag: string; usual: number; inWords: (value: number) => string }>
> = {
  streams: { flag: '--streams', usual: 1_000, inWords: (value) => `${value} streams` },
  arrivals: { flag: '--arrivals', usual: 200, inWords: (value) => `${value} new streams/s` },
  remainingStreams: {
    flag: '--remaining-streams',
    usual: 100,
    inWords: (value) => `${value} remaining streams`,
  },
  rounds: { flag: '--rounds', usual: 6, inWords: (value) => `${value} round` },
};

/** How a default comes about. */
interface Origin {
  /** The small default of the load kind. */
  small: SmallValues | undefined;
  /** The options that were given, or that a scenario sets. */
  given: SmallValues;
  /** The options that a scenario made smaller, with their usual numbers. */
  ofScenario: Readonly<Record<string, number>> | undefined;
}

/** @returns the options that get a small default; empty if another default applies */
export function smallLoadOf(
  serversUnderTest: readonly ServerUnderTest[],
  { small = usualSmall, given, ofScenario = {} }: Origin,
): SmallLoad {
  if (serversUnderTest.some(hasProcess)) return {};
  const defaults = (Object.keys(optionTable) as SmallOption[]).flatMap((option) => {
    const ofIt = ofScenario[option];
    const value = ofIt === undefined && given[option] === undefined ? small[option] : undefined;
    const usual = { value, usual: optionTable[option].usual };
    const found = ofIt === undefined ? usual : { value: given[option], usual: ofIt };
    return found.value === undefined ? [] : [[option, found]];
  });
  return Object.fromEntries(defaults) as SmallLoad;
}

const entriesOf = (load: SmallLoad) => Object.entries(load) as [SmallOption, SmallDefault][];

/** The options to add, and their purpose. */
function stepInWords(load: SmallLoad): string {
  const options = entriesOf(load).map(([name, { usual }]) => `${optionTable[name].flag} ${usual}`);
  return `${load.rounds ? 'verdicts' : 'the usual load'}: ${options.join(' ')}`;
}

/** A note before the start, if the default is small. */
export function smallLoadInWords(load: SmallLoad): string[] {
  const parts = entriesOf(load).map(([name, { value }]) => optionTable[name].inWords(value));
  return parts.length === 0
    ? []
    : [`Small default load: ${parts.join(', ')}. For ${stepInWords(load)}`];
}

/** The next step after a run with a small default. */
export const stepAfterSmallLoad = (load: SmallLoad): string[] =>
  entriesOf(load).length === 0
    ? []
    : [`Next: for ${stepInWords(load).replace(': ', ', run it again with ')}.`];
