/** Lays out help: of one command, and of ssebench as a whole. */
import { exitCodes, type ExitCodeName } from '../result/exit-codes.ts';
import type { CommandOption, Commands, Definition, Example } from './definitions/definition.ts';
import { flagsOf, helpOption, shortFormOf, versionOption } from './flags.ts';
import { called } from './invocation.ts';
import { manuals } from './manuals.ts';
import { paragraph, sectionText, widthIn, type Row } from './text-layout.ts';

export function commandHelp(
  name: string,
  usage: string,
  { about, examples, groups, more, exits }: Definition,
  columns: number,
): string {
  const width = widthIn(columns);
  return [
    `Usage: ssebench ${name} ${usage}`,
    about.map((text) => paragraph(text, width)).join('\n'),
    examplesText(
      examples.map((example) => [called(name, example.args, example.isPiped), example.about ?? '']),
      width,
    ),
    ...optionsText(groups, width),
    ...more.map((section) => sectionText(section, width)),
    sectionText({ title: 'Exit codes', rows: exitRows(exits) }, width),
  ].join('\n\n');
}

/** In the order of the codes. */
const exitRows = (exits: Definition['exits']): Row[] =>
  Object.entries(exitCodes).flatMap(([name, code]) => {
    const meaning = exits[name as ExitCodeName];
    return meaning === undefined ? [] : [[String(code), meaning] as const];
  });

const threeExamples: readonly (readonly [command: string, example: Example])[] = [
  [
    'run',
    {
      args: '--url http://127.0.0.1:3000/event -- node server.js',
      about: 'test your own server',
    },
  ],
  ['run', { args: 'express fastify --rounds 6', about: 'compare reference servers' }],
  [
    'leaks',
    {
      args: '--url http://127.0.0.1:3000/event -- node server.js',
      about: 'find leaks in your server',
    },
  ],
];

/** The help of ssebench as a whole. */
export function overview(commands: Commands, columns: number): string {
  const width = widthIn(columns);
  return [
    'Usage: ssebench <command> [options]',
    paragraph(
      'Load-tests and benchmarks Server-Sent Events (SSE) servers, and finds what they keep after clients disconnect.',
      width,
    ),
    examplesText(
      threeExamples.map(([name, { args, about = '' }]) => [called(name, args), about]),
      width,
    ),
    sectionText({ title: 'Commands', rows: commandRows(commands), longestTerm: 34 }, width),
    examplesText(
      Object.entries(manuals).map(([name, { about }]) => [called('help', name), about]),
      width,
      'Manuals',
    ),
    ...optionsText([{ title: 'Options', options: [helpOption, versionOption] }], width),
    paragraph(
      `${called('help', '<command>')} prints the options of a command. So does <command> --help.`,
      width,
    ),
  ].join('\n\n');
}

const commandRows = (commands: Commands): Row[] =>
  Object.entries(commands).map(([name, { usage, about }]) => [
    `${name} ${usage.replace('[options] ', '')}`,
    about,
  ]);

/** Rows that fit a line each, as far as the width allows. */
function examplesText(entries: readonly Row[], width: number, title = 'Examples'): string {
  const meanings = entries.map(([, meaning]) => meaning.length);
  return sectionText(
    { title, rows: entries, longestTerm: width - 4 - Math.max(...meanings) },
    width,
  );
}

/** The groups of options. Their columns align. */
function optionsText(groups: Definition['groups'], width: number): string[] {
  const longestTerm = 27;
  const sections = groups.map(({ title, options }) => ({
    title,
    rows: options.map((option): Row => [termOf(option), option.about]),
  }));
  const lengths = sections.flatMap(({ rows: all }) => all.map(([term]) => term.length));
  const leastTerm = Math.max(0, ...lengths.filter((length) => length <= longestTerm));
  return sections.map((section) => sectionText({ ...section, longestTerm, leastTerm }, width));
}

/** As help shows an option. Options without a short form are indented, so that all names align. */
const termOf = (option: CommandOption): string =>
  `${shortFormOf(option) ? '' : '    '}${flagsOf(option).replace('[', '<').replace(']', '>')}`;
