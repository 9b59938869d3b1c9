/**
 * The interface of a load kind and of a load feature. Each has one file with everything specific to
 * it.
 */
import type { ZodObject, ZodType } from 'zod';
import type { Complain } from '../complaint.ts';
import type { ConfigurableOption } from '../option.ts';

/** Numbers that are smaller by default if ssebench measures only from outside. */
export type SmallValues = {
  readonly [Option in 'streams' | 'remainingStreams' | 'arrivals' | 'rounds']?: number;
};

/** A scenario: a named load with a few options and its purpose. */
export interface NamedScenario {
  /** One line for `--help`. */
  about: string;
  /** The question that it answers; for the docs, as `meaning` and `notFor` are. */
  question: string;
  /** How it works, and how to read its figures. */
  meaning: string;
  /** When another load answers better. */
  notFor: string;
  /** The metrics of its short table, by name; without them, those of a steady load. */
  figures?: readonly string[];
  /** The options it consists of, as in a config file. Options given explicitly override them. */
  config: {
    readonly [option: string]: string | number | boolean | readonly string[] | undefined;
    readonly expect?: readonly string[];
  };
  /**
   * The changes if a server of the user is among the servers, since ssebench cannot choose what it
   * sends.
   */
  ofUrls?: {
    /** How the scenario works for a URL, for the docs. */
    meaning?: string;
    /** Options that replace those of `config`; `undefined` leaves one out. */
    config?: { readonly [option: string]: string | undefined };
    /** The same if ssebench does not start all servers of the user. */
    unlessStarted?: { readonly [option: string]: string | undefined };
    /** Smaller numbers if ssebench measures all servers only from outside. */
    small?: SmallValues;
    /** The expectations, since some metrics are not available for URLs. */
    expect?: readonly string[];
    /** The expectations if the interval is not given either. */
    expectWithoutInterval?: readonly string[];
  };
  /** Servers with a known process get a leak check at the end. */
  leakCheck?: true;
}

/** Values of options after reading. Each kind declares those that it reads. */
export type OptionValuesByName = Readonly<Record<string, unknown>>;

/** Options of every load that kinds read. */
export type CommonValues = {
  streams?: number;
  interval?: number;
  duration?: number;
  warmup?: number;
  disconnect?: string;
};

/** The rest of a request, as kinds need it. */
export interface RestOfRequest {
  /** The number of concurrent streams. */
  streams: number;
  /** The servers given explicitly. */
  servers: readonly string[];
  /** Whether any server under test is a reference server, given explicitly or not. */
  hasReference: boolean;
  /** The number of expectations. */
  expectations: number;
}

/**
 * A part of a load that combines with load kinds: a cohort of additional streams, or a pace. It has
 * its own fields beside `scenario.load`.
 */
export interface LoadFeature {
  /** Options of `ssebench run`. */
  options: Readonly<Record<string, ConfigurableOption<unknown>>>;
  /** Options of another kind that have an effect with this one too. */
  uses?: readonly string[];
  namedScenarios: Readonly<Record<string, NamedScenario>>;
  /** The option that selects it; `undefined` if it has none. */
  trigger?: string;
  /** An option of another kind that takes over the trigger. */
  unless?: string;
  /** Why its other options have no effect without the trigger, and what to do. */
  withoutTrigger?: string;
  /** The metrics of the short table; without them, the usual ones. */
  figures?: readonly string[];
  /**
   * Complains about values that contradict each other. Called for the selected kind, and always for
   * features. Options that do not combine are rows of `combinations.ts`.
   */
  refuse?(values: OptionValuesByName, request: RestOfRequest, complain: Complain): void;
  /** Whether a scenario has this feature; load kinds do not define it. */
  isIn?(scenario: {
    slowReaders: number;
    remainingStreams: number;
    intervalMs: number | null;
    reconnect: object | null;
  }): boolean;
}

/** The phases of a round, in milliseconds. */
export interface Phases {
  rampMs: number;
  warmUpMs: number;
  durationMs: number;
}

/** Parts of the line that describes a scenario. Omitted parts read as for a steady load. */
export interface Description {
  /** Stands before the streams. */
  aim?: string;
  streams?: string;
  /** Describes the streams; stands after the pace. */
  event?: string;
  phases?: string;
  rounds?: string;
}

/** The verdict of a load kind on a server. */
export interface KindVerdict {
  /** One or two words, such as `hangs`. */
  state: string;
  /** Whether the run may end with exit code 0. */
  passed: boolean;
  /** The reason, with its figures. */
  sentence: string;
}

/** A load kind: one case of `scenario.load`, distinguished by its `kind`. */
export interface LoadKind<Load extends { kind: string } = { kind: string }> extends LoadFeature {
  schema: ZodObject;
  /** Figures of this kind beside the usual ones, tagged with the same `kind`. */
  outcome?: ZodType;
  /** The load that the values describe. Called if its trigger was given. */
  read(values: OptionValuesByName, request: RestOfRequest): Load;
  /** The number of concurrent streams, if it follows from the load. */
  streamsOf?(load: Load): number | undefined;
  /** The load that needs room on the machine, if that is more than the concurrent streams. */
  roomOf?(load: Load, streams: number): { most: number; what: string; fewer: string };
  /** Its small default; without it, that of a steady load. */
  small?: SmallValues | ((values: OptionValuesByName) => SmallValues);
  /** Whether quiet streams are added by default; they are unless this is `false`. */
  hasQuietStreams?: false;
  /** The generator of its streams, for the plan of a run; by default the fleet's generators. */
  generator?: string;
  /** The interval of events that generators are planned for if it is unknown; by default 1 s. */
  assumedIntervalMs?: number;
  /** The default phases of a round. */
  phasesOf?(load: Load, usual: Phases, intervalMs: number): Partial<Phases>;
  /** The duration of a round's phases. */
  roundMsOf?(phases: Phases): number;
  /** The approximate default number of rounds. */
  usualRounds?: number;
  /** The number of connections that its streams open in a round. */
  connectionsOf?(load: Load, streams: number, phases: Phases): number;
  /** Query parameters for a reference server besides the interval, such as `&resume`. */
  queryOf?(load: Load): string;
  /**
   * Judges a server by the outcomes of its rounds, at least one. Kinds without verdicts omit this.
   */
  judge?(outcomes: readonly { kind: string }[]): KindVerdict;
  describe?(load: Load, scenario: { streams: number; durationMs: number }): Description;
}
