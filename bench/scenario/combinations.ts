/** Options that do not combine with a load kind. Each row gives its reason. */
import { optionAsTyped, type Complain } from './complaint.ts';
import { hasValue } from './has-value.ts';
import { features, isGiven, type FeatureName } from './kinds/kinds.ts';
import { flagOf, type OptionValues, type OptionWords } from './option.ts';
import { runOptions } from './options.ts';

type Values = OptionValues<typeof runOptions>;
type OptionName = keyof Values;

interface Row {
  kind: FeatureName;
  options: readonly OptionName[];
  /** The reason, and what to do. */
  why: string;
  /** The complaint names only the option, without its value. */
  withoutValue?: true;
}

/**
 * Load kind × option. A row applies if the kind is selected and the option has a value other than
 * 0.
 */
const rows: readonly Row[] = [
  {
    kind: 'churn',
    options: ['streams'],
    why: 'with --arrivals, the number of open streams follows from --lifetime; leave it out',
  },
  {
    kind: 'reconnect',
    options: [
      'arrivals',
      'quietStreams',
      'slowReaders',
      'remainingStreams',
      'eventsEach',
      'search',
      'reconnect',
    ],
    why: 'does not combine with --cut, which cuts all streams alike; leave out one of the two',
  },
  {
    kind: 'finite',
    options: [
      'arrivals',
      'quietStreams',
      'slowReaders',
      'remainingStreams',
      'ramp',
      'warmup',
      'disconnect',
      'reconnect',
    ],
    why: 'does not combine with --events-each, whose streams end; leave out one of the two',
    withoutValue: true,
  },
  {
    kind: 'search',
    options: ['arrivals', 'eventsEach', 'slowReaders', 'remainingStreams'],
    why: 'does not combine with --search, which varies a load of steady streams; leave it out',
    withoutValue: true,
  },
  {
    kind: 'ending-streams',
    options: ['slowReaders'],
    why: 'does not combine with --reconnect, because a client that does not read cannot notice the end of its stream; leave out one of the two',
  },
  {
    kind: 'ending-streams',
    options: ['remainingStreams'],
    why: 'does not combine with --reconnect, because reconnects of remaining streams would look like an effect of the storm; leave out one of the two',
  },
  {
    kind: 'shutdown',
    options: [
      'arrivals',
      'eventsEach',
      'cut',
      'search',
      'quietStreams',
      'slowReaders',
      'remainingStreams',
      'disconnect',
      'reconnect',
    ],
    why: 'does not combine with --grace, which keeps all streams open until SIGTERM; leave out one of the two',
  },
  {
    kind: 'answers',
    options: [
      'lifetime',
      'lifetimes',
      'eventsEach',
      'cut',
      'search',
      'grace',
      'quietStreams',
      'slowReaders',
      'remainingStreams',
      'reconnect',
      'byEvent',
    ],
    why: 'does not combine with --answers, whose streams end by themselves; leave out one of the two',
  },
  {
    kind: 'search',
    options: ['rounds'],
    why: 'does not combine with --search, which runs as many rounds as it needs; leave it out',
  },
];

/** An option with its last value, as typed or as a scenario sets it. */
export const asTyped = (words: OptionWords, name: OptionName): string =>
  optionAsTyped(flagOf(runOptions[name]), hasValue(runOptions[name]) ? words[name]!.at(-1)! : true);

/** Complains about every option that does not combine with the selected kinds. */
export function checkCombinations(values: Values, words: OptionWords, complain: Complain): void {
  const given = features.filter(([, feature]) => isGiven(feature, values));
  for (const { kind, options, why, withoutValue } of rows) {
    if (!given.some(([name]) => name === kind)) continue;
    for (const name of options) {
      if (values[name])
        complain(`${withoutValue ? flagOf(runOptions[name]) : asTyped(words, name)}: ${why}`);
    }
  }
  // The other options of a kind have no effect without the option that selects it, or a kind that
  // uses them too.
  const used = new Set(given.flatMap(([, { uses = [] }]) => uses));
  for (const [, feature] of features) {
    const { options, withoutTrigger } = feature;
    if (withoutTrigger === undefined || isGiven(feature, values)) continue;
    for (const name of Object.keys(options) as OptionName[]) {
      const value = values[name];
      if (value === undefined || used.has(name)) continue;
      complain(`${asTyped(words, name)}: ${withoutTrigger}`);
    }
  }
}
