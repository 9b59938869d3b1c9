/** Options that do not combine with a load kind or with a URL. Each row gives its reason. */
import { optionAsTyped, type Complain } from './complaint.ts';
import { formatDuration } from './duration.ts';
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
    why: 'how many of those are open that come and go (--arrivals) follows from their lifetime; leave it out',
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
    ],
    why: 'with --cut all streams are alike, and cut alike; leave one of the two out',
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
    ],
    why: 'goes with streams that go on; leave it out, or --events-each',
    withoutValue: true,
  },
  {
    kind: 'search',
    options: ['arrivals', 'eventsEach', 'slowReaders', 'remainingStreams'],
    why: 'a search is for streams that stay and tick; leave it out',
    withoutValue: true,
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
    ],
    why: 'with --grace all streams are alike, and stay until the server is told to stop; leave one of the two out',
  },
  {
    kind: 'search',
    options: ['rounds'],
    why: 'a search has as many rounds as it takes; leave it out',
  },
];

const asTyped = (words: OptionWords, name: OptionName): string =>
  optionAsTyped(flagOf(runOptions[name]), words[name]!.at(-1)!);

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
  // The other options of a kind have no effect without the option that selects it.
  for (const [, feature] of features) {
    const { options, withoutTrigger } = feature;
    if (withoutTrigger === undefined || isGiven(feature, values)) continue;
    for (const name of Object.keys(options) as OptionName[]) {
      const value = values[name];
      if (value === undefined) continue;
      const shown = typeof value === 'number' ? formatDuration(value) : value;
      complain(`${flagOf(runOptions[name])} ${shown}: ${withoutTrigger}`);
    }
  }
}

/** Options that only reference servers support, and URLs do not. */
const notOfUrls = {
  quietStreams: 'cannot be asked for quiet streams; leave it out',
  bytes: 'cannot be asked for larger events; leave it out',
  ticker: 'cannot be asked for a way to tick; leave it out',
  eventsEach: 'cannot be asked to end its streams; leave it out',
  cut: 'cannot be told to cut its streams; leave it out, or name a reference server',
  slowReaders:
    'shows nothing of what clients cost it that do not read; leave it out, or name a reference server',
  remainingStreams:
    'shows nothing of how it releases the other streams; leave it out, or name a reference server',
  grace: 'cannot be sent SIGTERM, since its process is not known; name a reference server',
} as const;

export function checkUrl(values: Values, words: OptionWords, complain: Complain): void {
  for (const [name, why] of Object.entries(notOfUrls)) {
    if (values[name as keyof typeof notOfUrls])
      complain(`${asTyped(words, name as keyof typeof notOfUrls)}: a URL ${why}`);
  }
  if (values.interval === 0)
    complain(`${flagOf(runOptions.interval)} 0ms: a URL sends as it likes; leave it out`);
  if (values.search === 'rate')
    complain(
      `${flagOf(runOptions.search)} rate: a URL has a rate of its own; leave it out, or search for streams`,
    );
}
