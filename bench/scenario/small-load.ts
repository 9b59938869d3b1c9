/**
 * The default load of URLs that ssebench knows only from outside. It is small, since the first run
 * of a new user may go to a server that others use. Pure.
 */
import type { Load } from './kinds/kinds.ts';
import type { ServerUnderTest } from './scenario.ts';

/** The options of a load, as far as they have the small default. */
export interface SmallLoad {
  streams?: number;
  rounds?: number;
}

const small = { streams: 100, rounds: 1 };
/** The values that verdicts need. */
const forVerdicts = { streams: 1_000, rounds: 6 };

/**
 * @param given options given explicitly, which override the default, as a scenario does
 * @returns the options that get a small default; empty if another default applies
 */
export function smallLoadOf(
  serversUnderTest: readonly ServerUnderTest[],
  { kind }: Load,
  given: { scenario?: string; streams?: number; rounds?: number },
): SmallLoad {
  const areOutside = serversUnderTest.every(
    (server) => server.kind === 'url' && server.process === null,
  );
  if (!areOutside || kind !== 'steady' || given.scenario !== undefined) return {};
  return {
    ...(given.streams === undefined && { streams: small.streams }),
    ...(given.rounds === undefined && { rounds: small.rounds }),
  };
}

const isSmall = ({ streams, rounds }: SmallLoad) => streams !== undefined || rounds !== undefined;

/** The options to add for verdicts. */
const optionsForVerdicts = (load: SmallLoad): string =>
  (['streams', 'rounds'] as const)
    .filter((name) => load[name] !== undefined)
    .map((name) => `--${name} ${forVerdicts[name]}`)
    .join(' ');

/** A note before the start, if the default is small. */
export function smallLoadInWords(load: SmallLoad): string[] {
  if (!isSmall(load)) return [];
  const { streams, rounds } = load;
  const parts = [streams && `${streams} streams`, rounds && `${rounds} round`].filter(Boolean);
  return [`Small default load: ${parts.join(', ')}. For verdicts: ${optionsForVerdicts(load)}`];
}

/** The next step after a run with a small default. */
export const stepAfterSmallLoad = (load: SmallLoad): string[] =>
  isSmall(load) ? [`Next: for verdicts, run it again with ${optionsForVerdicts(load)}.`] : [];
