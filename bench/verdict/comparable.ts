/**
 * Decides whether two results may be compared: only if nothing but the servers themselves can cause
 * a difference. Pure.
 */
import type { RunResult } from '../result/run-result.ts';
import type { ServerSettings } from '../scenario/server-settings.ts';

/**
 * The name of the scenario, the number of rounds and their order do not change what is measured.
 */
const irrelevantFields = new Set(['name', 'rounds', 'seed']);

/**
 * Parts of the environment that must be equal: the machine and the versions. The commit may differ,
 * because it is what is compared.
 */
const environmentFields = {
  cpu: 'machine',
  cores: 'machine',
  memoryBytes: 'machine',
  platform: 'machine',
  kernel: 'machine',
  descriptors: 'limits',
  placement: 'cores',
  node: 'version',
  ssebench: 'version',
} as const satisfies Partial<Record<keyof RunResult['environment'], string>>;

/**
 * The conditions of a run that decide whether it can be compared with another. They are known
 * before it starts.
 */
export type Conditions = Pick<RunResult, 'servers' | 'scenario' | 'settings' | 'environment'>;

/**
 * @returns every difference, such as `machine, cores: 2 before, 4 after`; empty if the two may be
 * compared
 */
export function differences(baseline: Conditions, candidate: Conditions): string[] {
  const names = namesOf(baseline.scenario, candidate.scenario);
  const packages = Object.keys(baseline.environment.packages).filter((name) =>
    Object.hasOwn(candidate.environment.packages, name),
  );
  const isSearch = [baseline, candidate].some(({ scenario }) => scenario.load.kind === 'search');
  const settings = differentSettings(baseline, candidate);
  return [
    ...(isSearch ? ['load: a search measures each server under its own load'] : []),
    ...names
      .filter((name) => !irrelevantFields.has(name) && !(settings && fieldsOfSettings.has(name)))
      .flatMap((name) =>
        differ(`scenario, ${name}`, baseline.scenario[name], candidate.scenario[name]),
      ),
    ...(settings ?? []),
    ...Object.entries(environmentFields).flatMap(([name, kind]) => {
      const field = name as keyof typeof environmentFields;
      return differ(`${kind}, ${name}`, baseline.environment[field], candidate.environment[field]);
    }),
    ...packages.flatMap((name) =>
      differ(
        `version, ${name}`,
        baseline.environment.packages[name],
        candidate.environment.packages[name],
      ),
    ),
  ];
}

/** The names of the fields that at least one has. */
const namesOf = <Fields extends object>(one: Fields, other: Fields) => [
  ...new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Fields & string)[]),
];

function differ(what: string, before: unknown, after: unknown): string[] {
  const [one, other] = [before, after].map((value) =>
    typeof value === 'string' ? value : inOrder(value),
  );
  return one === other ? [] : [`${what}: ${one ?? 'none'} before, ${other ?? 'none'} after`];
}

/** Fields of the scenario that the settings of each server contain. */
const fieldsOfSettings = new Set(['headers', 'events']);

/**
 * Differences in the requests and the event data of the compared servers. A difference that all of
 * them have names no server.
 *
 * @returns `undefined` if a result does not contain its settings
 */
function differentSettings(before: Conditions, after: Conditions): string[] | undefined {
  const pairs = pairsOf(before, after);
  if (!before.settings || !after.settings) return undefined;
  const [old, current] = [before.settings, after.settings];
  const found = pairs.flatMap(([name, server]) => {
    const [one, other] = [propertiesOf(old[name]), propertiesOf(current[server])];
    return namesOf(one, other).flatMap((property) =>
      differ(property, one[property], other[property]).map((text) => ({ text, server })),
    );
  });
  return [...Map.groupBy(found, ({ text }) => text)].map(([text, same]) =>
    same.length === pairs.length ? text : `${same.map(({ server }) => server).join(', ')}: ${text}`,
  );
}

/** The settings in one level, without those that are not used. */
function propertiesOf(settings: ServerSettings | undefined): Record<string, unknown> {
  const { request = {}, events = {} } = settings ?? {};
  return Object.fromEntries([
    ...Object.entries(request).map(([name, value]) => [`request, ${name}`, value]),
    ...Object.entries(events)
      .filter(([, value]) => value !== null && value !== false)
      .map(([name, value]) => [`events, ${name}`, value]),
  ]);
}

/** The same text for the same fields, regardless of their order. */
function inOrder(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return JSON.stringify(
    isObject
      ? Object.fromEntries(
          Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : value,
  );
}

/**
 * Pairs the servers of two results: by name, or, if no name matches, the only server of each
 * result.
 *
 * @returns the pairs; empty if neither rule applies
 */
export function pairsOf(
  { servers: before }: Pick<RunResult, 'servers'>,
  { servers: after }: Pick<RunResult, 'servers'>,
): [string, string][] {
  const both = before.filter((server) => after.includes(server));
  if (both.length > 0) return both.map((server) => [server, server]);
  return before.length === 1 && after.length === 1 ? [[before[0]!, after[0]!]] : [];
}
