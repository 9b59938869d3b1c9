#!/usr/bin/env node
/** The command line: the only file that reads argv, prints, or sets the exit code. */
import { styleText } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import { catalog } from '../servers/catalog.ts';
import { compareCommand } from './commands/compare.ts';
import {
  helpAfterCompare,
  helpAfterLeaks,
  helpAfterReport,
  helpAfterRun,
  helpAfterServe,
} from './commands/help.ts';
import { leaksCommand } from './commands/leaks.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { BadInput, type Terminal } from './commands/terminal.ts';
import { sortWords, withoutValue } from './commands/unknown-words.ts';
import { ssebenchVersion } from './run/environment.ts';
import { exitCodes } from './result/exit-codes.ts';
import { leaksOptions } from './leaks/options.ts';
import { terminalNote, terminalOutput, terminalText } from './report/shared/escape.ts';
import { filesAt } from './report/formats.ts';
import { saveElsewhere } from './report/save.ts';
import { nearest, visible, type Mentions } from './scenario/complaint.ts';
import { wordWithoutSecrets } from './scenario/command-secrets.ts';
import { optionGroups } from './scenario/options.ts';
import { urlWithoutSecrets } from './scenario/secrets.ts';

const { stdout, stderr } = process;
/** Texts that stdout did not accept, and the first error. */
const unprinted: { texts: string[]; error: NodeJS.ErrnoException | undefined } = {
  texts: [],
  error: undefined,
};
stdout.on('error', (error) => (unprinted.error ??= error));
stderr.on('error', () => {});
/** Columns, used if the terminal does not report its width. */
const usualColumns = 80;

const style: Terminal['style'] = (format, text) => styleText(format, text, { stream: stdout });
const hasStyles = style('red', 'red') !== 'red';

const terminal: Terminal = {
  interactive: stderr.isTTY,
  width: stdout.isTTY ? stdout.columns || usualColumns : Infinity,
  style,
  print: (text) =>
    void stdout.write(
      `${terminalOutput(text, hasStyles)}\n`,
      (error) => void (error && unprinted.texts.push(text)),
    ),
  note: (text) =>
    void stderr.write(`${stderr.isTTY ? '\r\x1b[2K' : ''}${terminalNote(text, hasStyles)}\n`),
  progress: (line) =>
    void (
      stderr.isTTY &&
      stderr.write(`\r\x1b[2K${terminalText(line).slice(0, (stderr.columns || usualColumns) - 1)}`)
    ),
};

process.on('exit', () => {
  // A reader that closes the pipe early, such as `head`, is not a failure.
  if (unprinted.error === undefined || unprinted.error.code === 'EPIPE') return;
  const text = unprinted.texts.map((each) => `${each}\n`).join('');
  const file = text === '' ? undefined : saveElsewhere('output.txt', text);
  terminal.note(
    `stdout could not be written to (${unprinted.error.code})${file === undefined ? '' : `; what was to be printed is in ${file} instead`}.`,
  );
  process.exitCode ||= exitCodes.failure;
});

/**
 * @returns a signal that the first SIGINT, SIGTERM or SIGHUP aborts; the second ends the process at
 * once
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      terminal.note('Stopping; again to stop at once.');
      controller.abort();
    });
  }
  return controller.signal;
}

/** @param behindDashes the arguments after `--` */
function program(behindDashes: readonly string[]): Command {
  const ssebench = new Command('ssebench')
    .description('Load-tests and benchmarks servers of Server-Sent Events.')
    .version(ssebenchVersion)
    .usage('[options] <command>')
    .exitOverride()
    .helpCommand(false)
    .configureHelp({
      optionTerm: ({ flags }) => flags.replace('[', '<').replace(']', '>'),
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
      helpWidth: 100,
    })
    // Commander would stop at its first complaint, so we handle unknown words and report all of
    // them.
    .argument('[words...]')
    .allowUnknownOption()
    .action(([word]: string[]) => {
      const names = ssebench.commands.map((command) => command.name());
      if (word !== undefined)
        throw new BadInput([
          `${visible(word.startsWith('-') ? withoutValue(word) : wordWithoutSecrets(word, Object.hasOwn(catalog, word) || URL.canParse(word)))}: ${whyNoCommand(word, names)}`,
        ]);
      terminal.note(ssebench.helpInformation());
      process.exitCode = exitCodes.badInput;
    });

  const run = ssebench
    .command('run [servers...]')
    .description(
      'Measures servers, compares them in one table, and writes a report. Without names: all reference servers.',
    )
    .allowUnknownOption();
  const flag = (flags: string, about: string) => new Option(flags, about);
  const more: Record<string, readonly Option[]> = {
    load: [
      valued(
        '--config [file]',
        'the scenario file (default: ssebench.config.ts, .mts, .js, .mjs or .json here, if there is one)',
      ),
    ],
    server: [
      valued(
        '--header [line]',
        'a request header, such as "Authorization: Bearer abc"; may be repeated',
      ),
    ],
    measurement: [
      flag(
        '--leak-check',
        'once all is measured, look for what the servers keep of streams that have gone, as the command leaks does',
      ),
      flag('--no-probe', 'do not send each URL one request before the load'),
    ],
    comparison: [
      valued(
        '--expect [text]',
        'what must hold for every server, such as "delivery.p99 < 50ms"; may be repeated',
      ),
      valued('--baseline [name]', 'compare with the result that was saved under this name'),
      valued('--save-baseline [name]', 'save the result under this name, in results/baselines'),
      valued(
        '--fail-on [verdict]',
        'exit with 5 where the comparison with the baseline says worse; or worse or inconclusive',
      ),
      flag('--anyway', 'compare with a baseline that was measured otherwise, and say so'),
    ],
    output: [
      flag('--plan', 'show what would be run, and leave'),
      valued('--out [folder]', 'where the result goes (default: results/<date>-<name>)'),
      flag('--live', 'serve the report while the run goes on, for a browser on this machine'),
      flag('--json', 'print the result as JSON instead of the table'),
    ],
  };
  const groups: Record<
    string,
    Readonly<Record<string, { flags: string; about: string }>>
  > = optionGroups;
  for (const [group, others] of Object.entries(more)) {
    const rows = Object.values(groups[group] ?? {});
    run.optionsGroup(`${group[0]!.toUpperCase()}${group.slice(1)}:`);
    for (const option of [...rows.map(({ flags, about }) => valued(flags, about)), ...others])
      run.addOption(option);
  }
  run.addHelpText('after', helpAfterRun()).action(async (words: string[], given) => {
    const {
      header: headers = [],
      out = [],
      expect = [],
      config = [],
      baseline = [],
      saveBaseline = [],
      failOn = [],
      ...others
    } = given;
    const {
      anyway = false,
      live = false,
      leakCheck = false,
      probe = true,
      plan = false,
      json = false,
      ...options
    } = others;
    const { names: servers, complaints } = sortWords(words, run.options);
    const command = {
      servers,
      complaints,
      options,
      headers,
      expect,
      out,
      config,
      baseline,
      saveBaseline,
      failOn,
      anyway,
      live,
      leakCheck,
      probe,
      plan,
      json,
    };
    process.exitCode = await runCommand(command, terminal, interruption());
  });

  const compare = ssebench
    .command('compare [results...]')
    .usage('[options] <baseline> <candidate>')
    .description(
      'Compares two saved results: better, worse, same or inconclusive, decided over their rounds.',
    )
    .allowUnknownOption()
    .addOption(
      valued(
        '--fail-on [verdict]',
        'exit with 5 where a verdict is worse; or worse or inconclusive',
      ),
    )
    .option('--anyway', 'compare them though they were not measured alike, and say so')
    .option('--json', 'print the comparison as JSON')
    .addHelpText('after', helpAfterCompare())
    .action((words: string[], { failOn = [], anyway = false, json = false }) => {
      process.exitCode = compareCommand(
        { ...sortWords(words, compare.options), failOn, anyway, json },
        terminal,
      );
    });

  const made = filesAt('report');
  const report = ssebench
    .command('report [results...]')
    .description(
      `Makes the reports of saved results again: ${made.first} for a browser, and ${made.others}.`,
    )
    .allowUnknownOption()
    .addHelpText('after', helpAfterReport())
    .action((words: string[]) => {
      process.exitCode = reportCommand(sortWords(words, report.options), terminal);
    });

  const leaks = ssebench
    .command('leaks [servers...]')
    .description(
      'Finds what servers keep of streams that have gone: timers, listeners, sockets, with the line of code. Without names: all reference servers.',
    )
    .allowUnknownOption()
    .addOption(
      valued(
        '--header [line]',
        'a request header, such as "Authorization: Bearer abc"; may be repeated',
      ),
    )
    .addOption(valued('--junit [file]', 'write the result as JUnit’s XML too'))
    .option(
      '--trace',
      'trace timers to the line that created them from the beginning, and not only where it is needed',
    )
    .option('--no-probe', 'do not send the URL one request before all else')
    .option('--json', 'print the result as JSON');
  for (const { flags, about } of Object.values(leaksOptions)) leaks.addOption(valued(flags, about));
  leaks
    .addHelpText('after', helpAfterLeaks())
    .action(
      async (
        words: string[],
        { header: headers = [], junit = [], trace = false, probe = true, json = false, ...options },
      ) => {
        const { names: servers, complaints } = sortWords(words, leaks.options);
        process.exitCode = await leaksCommand(
          {
            servers,
            command: behindDashes,
            complaints,
            options,
            headers,
            trace,
            probe,
            junit,
            json,
          },
          terminal,
          interruption(),
        );
      },
    );

  const serve = ssebench
    .command('serve [server...]')
    .usage('[options] <server>')
    .description('Starts one reference server in the foreground.')
    .allowUnknownOption()
    .addOption(valued('--port [number]', 'where it listens; 0 for any free port (default: 3000)'))
    .addOption(valued('--host [address]', 'the address to listen on (default: 127.0.0.1)'))
    .addHelpText('after', helpAfterServe())
    .action(async (words: string[], { port = [], host = [] }) => {
      process.exitCode = await serveCommand(
        { ...sortWords(words, serve.options), port, host },
        interruption(),
      );
    });
  return ssebench;
}

/**
 * An option with a value. It keeps every occurrence, so that a valid value cannot hide an invalid
 * one before it.
 */
function valued(flags: string, about: string): Option {
  const collect = (text: Mentions[number], before: Mentions = []) => [...before, text];
  return new Option(flags, about).preset(true).argParser<Mentions>(collect);
}

function whyNoCommand(word: string, names: readonly string[]): string {
  const choice = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}, or see --help`;
  if (word.startsWith('-')) return `no such option before a command; begin with ${choice}`;
  const meant =
    Object.hasOwn(catalog, word) || URL.canParse(word)
      ? `run ${visible(urlWithoutSecrets(word))}`
      : nearest(word, names);
  return `no such command; ${meant === undefined ? `choose ${choice}` : `did you mean ${meant}?`}`;
}

// The arguments after the first `--` of `leaks` are the user's command. We do not parse its
// options.
const argv = process.argv.slice(2);
const dashes = argv[0] === 'leaks' ? argv.indexOf('--') : -1;
const words = dashes < 0 ? argv : argv.slice(0, dashes);
const ssebench = program(dashes < 0 ? [] : argv.slice(dashes + 1));
try {
  await ssebench.parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof BadInput) {
    terminal.note(
      `Nothing was started:\n${error.complaints.map((complaint) => `  ${terminalText(complaint)}`).join('\n')}`,
    );
    process.exitCode = exitCodes.badInput;
  } else if (!(error instanceof CommanderError && error.exitCode === 0)) {
    // `--help` and `--version` throw with exit code 0. Node prints the stack of others unescaped.
    if (error instanceof Error) error.stack = terminalNote(String(error.stack), false);
    throw error;
  }
}
