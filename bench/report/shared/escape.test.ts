/**
 * Puts the same hostile texts into every field of every report. No text may get through that
 * controls the output, or that ends or begins anything in it.
 */
import { expect, test } from 'vitest';
import {
  leaksResultOf,
  poisoner,
  wholeResult,
} from '../../tests/fixtures/helpers/hostile-result.ts';
import { hostileTexts } from '../../tests/fixtures/helpers/hostile-texts.ts';
import { markdownOf, named, readmeOf, terminalOf } from '../../tests/fixtures/helpers/reports.ts';
import type { RunResult } from '../../result/run-result.ts';
import { compareResults } from '../../verdict/comparison.ts';
import {
  jsonText,
  markdownCodeSpan,
  markdownText,
  terminalLines,
  terminalNote,
  terminalOutput,
  terminalText,
  workflowProperty,
  workflowText,
  xmlText,
} from './escape.ts';
import { githubAnnotations } from '../ci/annotations.ts';
import { junitReport } from '../ci/junit.ts';
import { comparisonCiTexts, leaksCiTexts, runCiTexts } from '../ci/texts.ts';
import { leaksReport } from '../terminal/leaks.ts';
import { planReport } from '../terminal/run-plan.ts';
import { progressLine, roundLine } from '../terminal/progress.ts';
import { comparisonMarkdown, comparisonReport } from './results-comparison.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { describeThreshold } from './verdict-words.ts';
import { findingsOf } from '../../verdict/findings.ts';

/**
 * Every text alone, in a result with one round of each server; and several texts together, in a
 * result that has verdicts too.
 */
const [few, many] = [kept(poisoner(wholeResult(1))), kept(poisoner(wholeResult(leastRounds)))];
const together = Array.from({ length: 2 }, (_, group) =>
  hostileTexts.filter((_text, place) => place % 2 === group).join(' '),
);
type Check = (text: string, poisoned: typeof few) => void;
type Row = Parameters<Check>;
const rows: Row[] = [
  ...hostileTexts.map((text): Row => [text, few]),
  ...together.map((text): Row => [text, many]),
];

/**
 * One test covers all texts and names those that fail. A separate test for each would cost more
 * than the check itself.
 */
function withEveryText(check: Check) {
  const failures = rows.flatMap(([text, poisoned]) => {
    try {
      check(text, poisoned);
      return [];
    } catch (error) {
      return [`${JSON.stringify(text)}: ${(error as Error).stack}`];
    }
  });
  expect(failures).toEqual([]);
}

function kept<From, Made>(make: (from: From) => Made): (from: From) => Made {
  const made = new Map<From, Made>();
  return (from) => {
    if (!made.has(from)) made.set(from, make(from));
    return made.get(from)!;
  };
}

/** Any character that is not visible text, except line breaks. */
const steering = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

const red = (_format: unknown, text: string) => `\u001b[31m${text}\u001b[39m`;
const plain = (_format: unknown, text: string) => text;
/**
 * Cached by result, because computing the intervals takes most of the time, and each result has one
 * text.
 */
const comparisons = new Map<RunResult, ReturnType<typeof compareResults>>();
function compared(result: RunResult, name: string) {
  const known =
    comparisons.get(result) ??
    compareResults(named(result, name), named(result, name), [`${name}: 1 and 2`]);
  comparisons.set(result, known);
  return known;
}
const planned = (result: RunResult, text: string) =>
  planReport({
    head: result,
    notes: result.servers.map((name) => `Note: ${name}`),
    processes: result.servers.map((server) => ({ server, how: text })),
    probed: result.servers,
    requests: [
      { server: 'one', lines: [text] },
      { server: 'two', lines: [] },
    ],
    tls: null,
    order: result.servers.map((server) => ({ server, round: 1 })),
    generators: 1,
    expectedMs: 1,
    leakCheck: true,
    folder: text,
    configFile: text,
    baseline: text,
    failOn: text,
    saveBaseline: text,
  });

/** Everything printed from a result, by the function that prints it. */
const terminalReports: Record<
  string,
  (result: RunResult, text: string, style: typeof plain) => string
> = {
  run: (result, _text, style) => terminalOf(result, { width: Infinity, style }),
  compare: (result, text, style) =>
    comparisonReport(compared(result, text), { width: Infinity, style }),
  leaks: ({ leaks }, _text, style) => leaksReport(leaks, { style }),
  plan: (result, text) => planned(result, text),
  notes: (result) =>
    terminalNote(
      [
        ...result.rounds.map((round) => roundLine(round, 1, 2)),
        ...findingsOf(result).thresholds.map(describeThreshold),
      ]
        .map(terminalText)
        .join('\n'),
      false,
    ),
  progress: ({ servers, rounds }) =>
    servers
      .map((server) =>
        terminalText(
          progressLine({
            server,
            round: 1,
            rounds: 1,
            phase: (rounds.at(-1) as { phase: string }).phase,
            load: { open: 1, eventsPerSecond: 1, loopDelayMs: null, deliveryMs: null },
            latest: { server, p99Ms: 1 },
            leftMs: 1,
          }),
        ),
      )
      .join('\n'),
};

test.each(Object.entries(terminalReports))('on the terminal: %s', (_what, report) => {
  const usualOf = kept((poisoned: typeof few) => report(poisoned(''), '', plain).split('\n'));

  withEveryText((text, poisoned) => {
    const usual = usualOf(poisoned);
    const styled = report(poisoned(text), text, red);
    const lines = styled.replaceAll(/\u001b\[(31|39)m/g, '').split('\n');
    expect(lines.filter((line) => steering.test(line))).toEqual([]);
    expect(lines.filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
    // A failure can have several lines. All but the first are indented.
    const isOwnLine = (line: string) => !line.startsWith('  ');
    expect(lines.filter(isOwnLine)).toHaveLength(usual.filter(isOwnLine).length);
    expect(text.includes('\n') || lines.length === usual.length).toBe(true);
    expect(terminalOutput(styled, true)).toBe(styled);
  });
});

test('reports have colours only if they are allowed', () => {
  const styled = terminalOf(few(''), { width: 100, style: red });
  expect(terminalOutput(styled, true)).toContain('\u001b[31m');
  expect(terminalOutput(styled, false)).not.toContain('\u001b');
});

const findingsIn = kept(findingsOf);
const ciTextsOf = (result: RunResult) => [
  leaksCiTexts(leaksResultOf(result)),
  runCiTexts(result, findingsIn(result), 'inconclusive'),
  comparisonCiTexts(compared(result, ''), 'inconclusive', ''),
];

const markdownReports: Record<string, (result: RunResult, text: string) => string> = {
  report: markdownOf,
  summaries: (result) =>
    ciTextsOf(result)
      .map(({ markdown }) => markdown(undefined))
      .join(''),
  comparison: (result, text) => comparisonMarkdown(compared(result, text)),
  readme: readmeOf,
};

/** A line without escaped characters and without code. */
const rawOf = (line: string) =>
  line.replaceAll(/\\[!-/:-@[-`{-~]/g, '').replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');

/** The kind of block that a line starts, and its number of cells and bold parts. */
function structureOf(line: string): string {
  const [block] = /^( {4}|#+ |- |\| |\*\*|)/.exec(line)!;
  if (block === '    ') return 'code';
  return `${block}${rawOf(line).split('|').length} ${rawOf(line).match(/\*\*/g)?.length ?? 0}`;
}

/** Nested blocks that a line starts, such as a list in a list. */
const blocksOf = (line: string) => /^(#+ |- |\*\*|)([-+=>#*~]|\d+[.)]\s)*/.exec(line)![0];

test.each(Object.entries(markdownReports))('in Markdown: %s', (_what, report) => {
  const usualOf = kept((poisoned: typeof few) => report(poisoned(''), '').split('\n'));

  withEveryText((text, poisoned) => {
    const usual = usualOf(poisoned);
    const lines = report(poisoned(text), text).split('\n');
    expect(lines.map(structureOf)).toEqual(usual.map(structureOf));
    const marks = (line: string) => rawOf(line).match(/[<`[\]$*_]|~~|\\$/g) ?? [];
    expect(lines.filter((line) => steering.test(line))).toEqual([]);
    const isText = (line: string) => !line.startsWith('    ');
    const outsideOf = (all: readonly string[]) =>
      all.filter(isText).map((line) => ({ marks: marks(line), blocks: blocksOf(line) }));
    expect(outsideOf(lines)).toEqual(outsideOf(usual));
  });
});

test('in XML', () => {
  const xmlOf = (result: RunResult) =>
    ciTextsOf(result)
      .map(({ report }) => junitReport(report))
      .join('');
  const linesOf = (xml: string) =>
    xml
      .split('\n')
      .map((line) => line.replaceAll(/"[^"<>]*"/g, '""').replaceAll(/>[^<>]+</g, '><'));
  const usualOf = kept((poisoned: typeof few) => linesOf(xmlOf(poisoned(''))));
  withEveryText((text, poisoned) => {
    const xml = xmlOf(poisoned(text));
    expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(xml).not.toMatch(steering);
    expect(xml).not.toMatch(/&(?!(amp|lt|gt|quot|#39|#10);)/);
    expect(linesOf(xml)).toEqual(usualOf(poisoned));
  });
});

test('in commands to GitHub’s runner', () => {
  const annotationsOf = (result: RunResult) =>
    ciTextsOf(result).flatMap(({ report }) => githubAnnotations(report));
  const usualOf = kept((poisoned: typeof few) => annotationsOf(poisoned('')));
  withEveryText((text, poisoned) => {
    const lines = annotationsOf(poisoned(text));
    expect(lines).toHaveLength(usualOf(poisoned).length);
    for (const line of lines) {
      expect(line).not.toMatch(steering);
      expect(line).toMatch(
        /^::(?:error|warning) (file=[^:,\n]*,line=\d+,)?title=ssebench (leaks|run|compare)::[^\n]*$/,
      );
      expect(line.replaceAll(/%(25|0A|3A|2C)/g, '')).not.toContain('%');
      expect(line).not.toContain('##[');
    }
  });
});

test('in JSON', () =>
  withEveryText((text, poisoned) => {
    const result = poisoned(text);
    for (const indent of [undefined, 1]) {
      const json = jsonText(result, indent);
      expect(json).not.toMatch(steering);
      expect(json).not.toContain('##[');
      expect(JSON.parse(json)).toEqual(result);
    }
  }));

test.each<[string, (text: string) => string, string, string]>([
  [
    'the terminal',
    terminalText,
    '\u001b[31mred\u001b[0m\r\nnext\u0007\u202eevil\u009b2J',
    '[31mred [0m next evil 2J',
  ],
  ['the terminal', terminalText, '::error::a ::b ##[c', ': :error::a ::b # #[c'],
  [
    'lines of the terminal',
    terminalLines,
    'a\n::b\n      c\r\n##[d\n\ne',
    'a\n  : :b\n      c\n  # #[d\n\n  e',
  ],
  [
    'Markdown',
    markdownText,
    '- a|b `c` [d](e) <f> ~g~ $h$',
    '\\- a\\|b \\`c\\` \\[d\\](e) \\<f\\> \\~g\\~ \\$h\\$',
  ],
  ['Markdown', markdownText, '1. a', '1\\. a'],
  ['Markdown', markdownText, '1.40× of 2', '1.40× of 2'],
  ['code in Markdown', markdownCodeSpan, 'npm run a', '`npm run a`'],
  ['code in Markdown', markdownCodeSpan, 'a`b``c', '``` a`b``c ```'],
  ['XML', xmlText, 'a\ufffe<b>\n]]>&\u0000"\ud800', 'a &lt;b&gt;&#10;]]&gt;&amp; &quot; '],
  ['messages to GitHub', workflowText, 'a%0A\r\n::b\u001b', 'a%250A %0A::b '],
  ['properties to GitHub', workflowProperty, 'a:b,c%3A\n', 'a%3Ab%2Cc%253A%0A'],
])('for %s: %j', (_format, escape, text, escaped) => expect(escape(text)).toBe(escaped));
