import { describe, expect, test } from 'vitest';
import { checkCombinations } from './combinations.ts';
import { loadKinds } from './kinds/kinds.ts';
import { readValues } from './values.ts';
import { runOptions } from './options.ts';

/** A value for each option that selects a load kind. */
const triggers: Readonly<Record<string, string>> = {
  arrivals: '5',
  eventsEach: '5',
  cut: 'end',
  search: 'streams',
  grace: '30s',
  answers: '',
};

function complaints(options: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  const words = Object.fromEntries(Object.entries(options).map(([name, text]) => [name, [text]]));
  const complain = (complaint: string) => void found.push(complaint);
  checkCombinations(readValues(runOptions, words, complain), words, complain);
  return found;
}

test('every load kind except the steady one has an option that selects it', () => {
  expect(loadKinds.flatMap(({ trigger }) => trigger ?? []).toSorted()).toEqual(
    Object.keys(triggers).toSorted(),
  );
});

const pairs = Object.keys(triggers)
  .flatMap((one, index) =>
    Object.keys(triggers)
      .slice(index + 1)
      .map((other) => [one, other] as const),
  )
  // The rate of answers; see below.
  .filter((pair) => pair.join() !== 'arrivals,answers');
describe('two load kinds do not combine', () => {
  test.each(pairs)('%s and %s', (one, other) => {
    const found = complaints({ [one]: triggers[one]!, [other]: triggers[other]! });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('leave');
  });
});

test.each(Object.entries(triggers))('%s alone is valid', (name, text) => {
  expect(complaints({ [name]: text })).toEqual([]);
});

test.each([
  [{}, []],
  [{ arrivals: '5' }, []],
  [{ search: 'streams' }, []],
  [{ cut: 'client' }, ['--reconnect: does not combine with --cut']],
  [{ eventsEach: '5' }, ['--reconnect: does not combine with --events-each']],
  [{ grace: '30s' }, ['--reconnect: does not combine with --grace']],
  [
    { slowReaders: '5' },
    ['--slow-readers 5: does not combine with --reconnect, because a client that does not read'],
  ],
  [
    { remainingStreams: '5' },
    ['--remaining-streams 5: does not combine with --reconnect, because reconnects of remaining'],
  ],
])('clients that reconnect whenever their stream ends, with %o', (options, expected) => {
  expect(complaints({ reconnect: '', retry: '2s', ...options })).toEqual(
    expected.map((complaint) => expect.stringContaining(complaint)),
  );
});

test('answers take over the rate of arrivals, but not the lifetime of streams', () => {
  const answers = { answers: '', arrivals: '5', spacing: 'constant' };
  expect(complaints(answers)).toEqual([]);
  expect(complaints({ ...answers, lifetime: '2s' })).toEqual([
    expect.stringContaining('--lifetime 2s: does not combine with --answers'),
  ]);
  expect(complaints({ maxEvents: '50' })).toEqual([
    '--max-events 50: has no effect without --answers; add --answers, or leave it out',
  ]);
});

test('an option with the value 0 combines with every load kind', () => {
  expect(complaints({ cut: 'end', slowReaders: '0', remainingStreams: '0' })).toEqual([]);
});

test.each([
  ['spacing', 'ramp', '--spacing ramp: has no effect without --arrivals; add --arrivals'],
  ['lifetime', '1500ms', '--lifetime 1500ms: has no effect without --arrivals'],
  ['jitter', '0ms', '--jitter 0ms: has no effect without --cut or --reconnect; add one'],
])('%s has no effect without the option that selects its kind', (name, text, complaint) => {
  expect(complaints({ [name]: text })).toEqual([expect.stringContaining(complaint)]);
});
