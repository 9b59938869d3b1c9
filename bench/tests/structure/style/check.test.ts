/** What the style test finds, and what it must not find. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withSection } from '../../../report/markdown/readme.ts';
import { violationsIn } from './check.ts';
import { rules } from './rules.ts';
import { termsSection } from './section.ts';

const read = (file: string) =>
  readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');

const planted = 'A server that cannot be believed is restarted.';

describe('a sentence that is planted in', () => {
  test.each([
    ['the help of an option', 'bench/scenario/options.ts', /(?<=about:\s*')[^']*(?=')/],
    ['an error', 'bench/scenario/own-servers/access.ts', /(?<=all\(')[^']*(?=')/],
    [
      'an error with a value',
      'bench/verdict/limits/stamp-limits.ts',
      /(?<=return `)[^`]*(?=\$\{[^`]*`)/,
    ],
    ['the row of a metric', 'bench/metrics/cost-metrics.ts', /(?<=definition:\s*')[^']*(?=')/],
    ['a limit', 'bench/verdict/limits/stamp-limits.ts', /(?<=limit: `)[^`]*(?=\$\{)/],
    ['the reason of a limit', 'bench/verdict/limits/stamp-limits.ts', /(?<=reason:\s*')[^']*(?=')/],
    ['a remedy', 'bench/verdict/limits/stamp-limits.ts', /(?<=remedy:\s*')[^']*(?=')/],
    ['a scenario', 'bench/scenario/kinds/reconnect.ts', /(?<=meaning:\s*')[^']*(?=')/],
    ['a disconnect mode', 'bench/scenario/disconnect-modes.ts', /(?<=about: ')[^']*(?=')/],
    ['the page', 'bench/report/page/page.ts', /(?<=<h2>)[^<]*(?=<\/h2>)/],
    ['the script of the page', 'bench/report/page/client.js', /(?<=\n *\/\*\* ).*(?= \*\/)/],
    ['a comment', 'bench/verdict/limits/stamp-limits.ts', /(?<=\n *\/\/ ).*/],
    ['a docstring', 'bench/verdict/validity.ts', /(?<=\n\/\*\* ).*(?= \*\/)/],
    ['a docstring of several lines', 'vitest.config.ts', /(?<=\/\*\*\n \* )The/],
    ['a tag of a docstring', 'bench/verdict/thresholds.ts', /(?<=@returns ).*(?= \*\/)/],
    ['the name of a test', 'bench/statistics/bootstrap.test.ts', /(?<=\btest\(')[^']*(?=')/],
    ['a group of tests', 'bench/tests/structure/links.test.ts', /(?<=describe\(')[^']*(?=')/],
    ['the name of a test of each row', 'bench/tests/structure/links.test.ts', /(?<=\)\(')finds/],
    ['a paragraph', 'README.md', /(?<=\n\n)[A-Z].*(?=\n)/],
    ['a heading', 'README.md', /(?<=\n## ).*/],
    ['an item of a list', 'CONTRIBUTING.md', /(?<=\n- ).*/],
    ['a cell of a table', 'CONTRIBUTING.md', /(?<=\n\| server +\| )[^|]*/],
    ['the package', 'package.json', /(?<="description": ")[^"]*/],
    ['the schema of the config', 'bench/config.schema.json', /(?<="description": ")[^"]*/],
    ['a comment of a script', '.ci/run', /(?<=\n# ).*/],
    ['a message of a script', '.ci/run', /(?<=step ")[^"]*/],
  ])('%s is found, with its line', (_place, file, pattern) => {
    const before = read(file);
    const after = before.replace(pattern, planted);
    const line = after.slice(0, after.indexOf(planted)).split('\n').length;
    expect(after).not.toBe(before);
    expect(violationsIn(file, after).filter(({ text }) => text.includes(planted))).toEqual([
      { file, line, text: expect.any(String), advice: '“not to be believed” → invalid' },
    ]);
  });

  test('a nested template is found', () => {
    const code = 'const a = `x ${list.map((b) => `${b} cannot be believed`)} y`;';
    expect(violationsIn('a.ts', code)).toEqual([
      {
        file: 'a.ts',
        line: 1,
        text: '${…} cannot be believed',
        advice: '“not to be believed” → invalid',
      },
    ]);
  });
});

test('a sentence that wraps in a template is one sentence', () => {
  const lines = [
    'Each round starts the server again, and the load is sent to',
    'this server only. If it stalls, the round is invalid, and a server that stood',
    'still is named. What wins?',
  ];
  expect(violationsIn('a.ts', `const help = \`\n${lines.join('\n')}\n\`;`)).toEqual([
    {
      file: 'a.ts',
      line: 3,
      text: 'If it stalls, the round is invalid, and a server that stood still is named.',
      advice: '“stand still, standstill” → pause, stall',
    },
  ]);
});

test('lines of a list in a template are not one sentence', () => {
  const list = Array.from({ length: 40 }, () => 'some words of a list').join('\n');
  expect(violationsIn('a.ts', `const list = \`${list}\`;`)).toEqual([]);
});

const adviceFor = (sentence: string) =>
  violationsIn('page.md', sentence).map(({ advice }) => advice.split(' → ')[1]);

const old = [
  ['Who leaves is not counted.', 'A client that disconnects …'],
  ['What is made once is kept.', 'An object created once …'],
  ['what was left out is kept', 'name the thing: the omitted rounds are …'],
  ['Those which fail are counted.', 'The remaining streams …'],
  ['Those that fail are counted.', 'The remaining streams …'],
  ['One whose end is known is counted.', 'A stream whose …'],
  ['Of a URL only the latency is known.', 'For a URL, …'],
  ['Where streams may be silent, use `--events 0`.', 'If the inspection fails, …'],
  ['attempts to come again failed', 'reconnect'],
  ['the server let go of the stream', 'release'],
  ['excluded rounds are told', 'report, print, state'],
  ['these rounds do not tell', 'report, print, state'],
  ['nothing is said of its memory', 'report, print, state'],
  ['the load that is asked for', 'given explicitly, on the command line'],
  ['how much the server bears', 'sustain (a load)'],
  ['no event came in the measuring', 'the measurement, the measuring phase'],
  ['this option goes before that', 'overrides'],
  ['a result that is not to be believed', 'invalid'],
  ['a generator stood still', 'pause, stall'],
  ['a server that is ours', 'reference server'],
  ['the server keeps those that stay', 'remaining streams'],
  ['a URL cannot be looked into', 'inspect, inspection'],
  ['clean, leaking or odd', 'unexpected'],
  ['every way to leave was skipped', 'disconnect mode'],
  ['how clients leave', 'disconnect (a client)'],
  ['show the plan, and leave', 'exit'],
  ['connections that the server turns away', 'refuse'],
  ['events are sent as they are read', 'unlimited rate'],
  ['the rate is what the sockets take', 'backpressure'],
  ['a stream in trouble', 'fail, failure cause'],
  ['the target server', 'server under test'],
  ['the process of the subject', 'server under test'],
  ['the preset changes the load', 'scenario (a named load), API (a wire format of answers)'],
  ['an unusual load', 'load kind'],
  ['pads each event to so many bytes', 'a number of'],
  ['the result is kept as it is', 'unchanged'],
  ['a result that is as it was expected', 'as expected'],
  ['each reader reads all the same', 'still, anyway'],
  ['the more so after a collection', 'especially'],
  ['a client that comes no more', 'no longer'],
  ['a server that is spared the load', 'a common word'],
  ['told apart from who never came', 'than a client that …'],
  ['whoever may run programs', 'a user that …'],
  ['one timer is no leak', 'is not a leak'],
  ['nobody could look', 'the inspection failed'],
  ['The whole of it: report.html', 'all, full'],
  ['its streams are not what they should be', 'the fault itself'],
  ['clients reconnect as they would in life', 'in production'],
  ['the answer is waited for', 'ssebench waits for'],
  ['the expectation is not shown to hold', 'could not be verified'],
  ['it must be a metric that there is', 'an existing metric, a missing file'],
  ['it cannot be had from this server', 'not available'],
  ['they are tried again; what is unsaved is lost', 'name the thing: the omitted rounds are …'],
  ['the reports are made again', 'regenerated'],
  ['the baseline was measured otherwise', 'differently'],
  ['for the sake of the others', 'for'],
  ['a stream that brings nothing', 'no events arrive'],
] as const;

test.each(old)('%s: %s', (sentence, write) => expect(adviceFor(sentence)).toContain(write));

test('every rule has an example', () => {
  const shown = new Set<string | undefined>(old.flatMap(([sentence]) => adviceFor(sentence)));
  expect(rules.map(({ write }) => write).filter((write) => !shown.has(write))).toEqual([]);
});

test.each([
  'Put the subject first, and mind the subject of a commit.',
  'Look at the picture, or let the server look up its name.',
  'These two servers cannot be told apart with 3 rounds.',
  'What happens to open streams when the server is told to stop?',
  'Of the 20 streams, 3 failed.',
  'Of course, a timer that fires once is not counted.',
  'the number of streams left over, and what was left out',
  'A client leaves no room for doubt, and leaves out nothing.',
  'So many streams started that the kernel refused some.',
  'Each worker takes the odd or even ids; odd numbers go first.',
  'There is no leak, and it is no longer a leak.',
  'The two values are all the same.',
  'Anything else stays as it is.',
  'The measuring phase begins after the warm-up.',
  'Where to add what',
  'What a leak check sees',
  'Who wins?',
  'A target of 1 s, bearing on the forebears, is subject to change.',
  'The code `come again` and https://example.com/come-again are no prose.',
])('finds nothing in: %s', (sentence) => expect(adviceFor(sentence)).toEqual([]));

test.each([
  ['CSS', "const css = 'th:nth-child(odd) { border: 1px solid odd; }';"],
  ['code', "const code = 'const odd = () => trouble; let them come again();';"],
  ['a regular expression', 'const found = /come again|[\'"`]/.test(text);'],
  ['a division', 'const half = sum / 2; // not half / of it'],
  ['an address', "const url = 'http://127.0.0.1/come again';"],
  ['a comment for tools', '// oxlint-disable-next-line -- let go of this, who knows'],
])('finds nothing in %s', (_what, code) => expect(violationsIn('a.ts', code)).toEqual([]));

describe('names', () => {
  test.each([
    ['an identifier', 'a.ts', 'const isOdd = 1;', 'isOdd'],
    ['a method', 'a.ts', 'lookInto(server);', 'lookInto'],
    ['a key', 'a.ts', "const keys = ['generator-standstill'];", 'generator-standstill'],
    ['a file', 'bench/scenario/presets.ts', '', 'the name of the file'],
    ['a folder', 'bench/odd/a.ts', '', 'the name of the file'],
  ])('%s', (_what, file, code, text) =>
    expect(violationsIn(file, code).map((each) => each.text)).toEqual([text]),
  );
  test.each([
    'const forbearance = 1;',
    'const resetTarget = look;',
    'const goddess = modding;',
    'option.preset(true);',
  ])('finds nothing in: %s', (code) => expect(violationsIn('a.ts', code)).toEqual([]));
});

describe('length', () => {
  const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');

  test.each([
    ['a sentence', 30, `${words(30)}.`, `${words(31)}.`],
    ['a paragraph', 120, `${words(20)}. `.repeat(6), `${words(20)}. `.repeat(6) + words(1)],
  ])('%s has at most %i words', (_what, most, longest, longer) => {
    const advice = (text: string) => violationsIn('a.ts', `/* ${text} */`).map((a) => a.advice);
    expect(advice(longest)).toEqual([]);
    expect(advice(longer)).toEqual([
      expect.stringContaining(`${most + 1} words → at most ${most}`),
    ]);
  });

  test('a page has sentences of at most 20 words on average; tables and headings do not count', () => {
    const rest = `\n\n# ${words(25)}\n\n| ${words(25)} |\n`;
    expect(violationsIn('a.md', `${words(19)}. ${words(21)}.${rest}`)).toEqual([]);
    expect(violationsIn('a.md', `${words(20)}. ${words(21)}.${rest}`)).toEqual([
      {
        file: 'a.md',
        line: 1,
        text: 'the page',
        advice: '20.5 words → at most 20 in a sentence on average',
      },
    ]);
  });
});

test('CONTRIBUTING has the table of terms', () => {
  const page = read('CONTRIBUTING.md');
  expect(withSection(page, 'terms', termsSection())).toBe(page);
});
