/** The form of a load kind, and of a load feature: everything that is particular to one of them is in one file. */
import type { ZodObject, ZodType } from 'zod';
import type { Complain } from '../complaint.ts';
import type { ConfigurableOption } from '../option.ts';

/** A load that has a name: a few options, and why. */
export interface Preset {
  /** One line for `--help`. */
  about: string;
  /** What it shows, and when to use it; for the manual. */
  meaning: string;
  /** The figures of its short table, by their names; those of a steady load where there are none. */
  figures?: readonly string[];
  /** The options that it stands for, as in a scenario file. Options given explicitly override them. */
  config: {
    readonly [option: string]: string | number | readonly string[] | undefined;
    readonly expect?: readonly string[];
  };
  /** What it expects in place of that if a URL is among the servers, since a URL does not have every figure. */
  expectOfUrls?: readonly string[];
  /** Reference servers are checked for leaks at the end. */
  leakCheck?: true;
}

/** Values of options, as they were read. A kind declares those that it reads. */
export type OptionValuesByName = Readonly<Record<string, unknown>>;

/** Options that every load has, as far as kinds read them. */
export type CommonValues = {
  streams?: number;
  interval?: number;
  duration?: number;
  warmup?: number;
  disconnect?: string;
};

/** What else a request says. */
export interface Asked {
  /** How many streams are open at once. */
  streams: number;
  /** The servers that were named. */
  servers: readonly string[];
  /** How many expectations there are. */
  expectations: number;
}

/**
 * A part of a load that combines with load kinds: a cohort of other streams beside those that are measured, or a pace.
 * It has fields of its own beside `scenario.load`.
 */
export interface LoadFeature {
  /** Rows of `ssebench run`. */
  options: Readonly<Record<string, ConfigurableOption<unknown>>>;
  presets: Readonly<Record<string, Preset>>;
  /** The option that asks for it; `undefined` where none of its own does. */
  trigger?: string;
  /** Why its other options say nothing without that one, and what to do. */
  withoutTrigger?: string;
  /** The figures of the short table; the usual ones where there are none. */
  figures?: readonly string[];
  /**
   * Complains of values that make no sense together. Called where a kind is asked for, and of features always. Options that
   * do not combine are rows of `combinations.ts`.
   */
  refuse?(values: OptionValuesByName, asked: Asked, complain: Complain): void;
  /** Whether a scenario has it, where it is no load kind. */
  isIn?(scenario: {
    slowReaders: number;
    stayingStreams: number;
    intervalMs: number | null;
  }): boolean;
}

/** The phases of a round, in milliseconds. */
export interface Phases {
  rampMs: number;
  warmUpMs: number;
  durationMs: number;
}

/** Parts of the line that describes a scenario; what is left out reads as for a steady load. */
export interface Description {
  /** Before the streams. */
  aim?: string;
  streams?: string;
  /** What happens to them, after the pace. */
  event?: string;
  phases?: string;
  rounds?: string;
}

/** What a load kind says of a server. */
export interface KindVerdict {
  /** In a word or two, such as `hangs`. */
  state: string;
  /** Whether the run may end with exit code 0. */
  passed: boolean;
  /** With the figures that it follows from. */
  sentence: string;
}

/** A load kind: one case of `scenario.load`, told apart by its `kind`. */
export interface LoadKind<Load extends { kind: string } = { kind: string }> extends LoadFeature {
  schema: ZodObject;
  /** What a round of it finds beside the figures that every round has; tagged with the same `kind`. */
  outcome?: ZodType;
  /** The load that the values ask for. Called where its trigger was given. */
  read(values: OptionValuesByName, asked: Asked): Load;
  /** How many streams are open at once, where that follows from the load. */
  streamsOf?(load: Load): number;
  /** What the machine must have room for, where that is more than the streams that are open at once. */
  roomOf?(load: Load, streams: number): { most: number; what: string; fewer: string };
  /** Whether quiet streams come with it unless asked otherwise; they do by default. */
  hasQuietStreams?: false;
  /** What makes its streams, for the plan of a run; the generators of the fleet do by default. */
  generator?: string;
  /** The phases of a round that nobody asked for otherwise. */
  phasesOf?(load: Load, usual: Phases, intervalMs: number): Partial<Phases>;
  /** How long the phases of a round take. */
  roundMsOf?(phases: Phases): number;
  /** How many rounds there are, about, where nobody says. */
  usualRounds?: number;
  /** How many connections its streams make in a round. */
  connectionsOf?(load: Load, streams: number, phases: Phases): number;
  /** What a reference server is asked for beside the interval, such as `&resume`. */
  queryOf?(load: Load): string;
  /** Judges a server by what its rounds found: at least one. A kind without verdicts has none of this. */
  judge?(outcomes: readonly { kind: string }[]): KindVerdict;
  describe?(load: Load, scenario: { streams: number; durationMs: number }): Description;
}
