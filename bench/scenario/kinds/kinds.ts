/** The list of all load kinds and load features. Everything else about them is derived from it. */
import { z } from 'zod';
import { answers } from './answers.ts';
import { churn } from './churn.ts';
import { endingStreams } from './ending-streams.ts';
import { disconnectStorm } from './disconnect-storm.ts';
import { finite } from './finite.ts';
import { firehose } from './firehose.ts';
import type { LoadFeature, LoadKind, OptionValuesByName } from './kind.ts';
import { reconnect } from './reconnect.ts';
import { search } from './search.ts';
import { shutdown } from './shutdown.ts';
import { slowReaders } from './slow-readers.ts';
import { steady } from './steady.ts';

/** In the order of help and manual. The name of a load kind is also its tag. */
const table = {
  firehose,
  churn,
  finite,
  'slow-readers': slowReaders,
  'disconnect-storm': disconnectStorm,
  reconnect,
  'ending-streams': endingStreams,
  shutdown,
  answers,
  search,
  steady,
};
type Table = typeof table;
type All = Table[keyof Table];
export type FeatureName = keyof Table;
type NamesIn<Feature> = Feature extends { namedScenarios: infer Named } ? keyof Named : never;
/** The name of a scenario. */
export type ScenarioName = NamesIn<All>;
type AllTogether<Part> = (Part extends unknown ? (part: Part) => void : never) extends (
  all: infer Together,
) => void
  ? Together
  : never;

export const features: readonly (readonly [FeatureName, LoadFeature])[] = Object.entries(table) as [
  FeatureName,
  LoadFeature,
][];

/** The options of all kinds and features. */
export const kindOptions = Object.assign(
  {},
  ...features.map(([, { options }]) => options),
) as AllTogether<All['options']>;

type Kind = Extract<All, { schema: unknown }>;
export const isKind = (feature: LoadFeature): feature is LoadKind => 'schema' in feature;
export const loadKinds: readonly LoadKind[] = features.map(([, feature]) => feature).filter(isKind);

/** All possible values of `scenario.load`. */
export const loadSchema = z.discriminatedUnion(
  'kind',
  loadKinds.map(({ schema }) => schema) as unknown as [Kind['schema'], ...Kind['schema'][]],
);
export type Load = z.infer<typeof loadSchema>;

type Outcome = Extract<All, { outcome: unknown }>['outcome'];
/** The additional findings of rounds, by load kind. */
export const outcomeSchema = z.discriminatedUnion(
  'kind',
  loadKinds.flatMap(({ outcome }) => outcome ?? []) as unknown as [Outcome, ...Outcome[]],
);

/** The load kind of a load. */
export const kindOf = ({ kind }: Pick<Load, 'kind'>): LoadKind => table[kind];

/** Whether the values select a kind or a feature. */
export function isGiven({ trigger, unless }: LoadFeature, values: OptionValuesByName): boolean {
  const has = (option: string | undefined) =>
    option !== undefined && values[option] !== undefined && values[option] !== false;
  return has(trigger) && !has(unless);
}
