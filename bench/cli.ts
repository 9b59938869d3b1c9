#!/usr/bin/env node
/** The command line: the only file that reads argv, prints, or sets the exit code. */
import { styleText } from 'node:util';
import { Command, CommanderError } from 'commander';
import { catalog } from '../servers/catalog.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { BadInput, type Terminal } from './commands/terminal.ts';
import { ssebenchVersion } from './environment.ts';
import { exitCodes } from './exit-codes.ts';
import { runOptions } from './scenario/request.ts';

const { stdout, stderr } = process;
// A reader that has seen enough, such as `head`, is no reason to stop.
for (const stream of [stdout, stderr]) stream.on('error', () => {});
/** For a terminal that does not know its width. */
const usualColumns = 80;

const terminal: Terminal = {
  interactive: stderr.isTTY,
  width: stdout.isTTY ? stdout.columns || usualColumns : Infinity,
  style: (format, text) => styleText(format, text, { stream: stdout }),
  print: (text) => void stdout.write(`${text}\n`),
  note: (text) => void stderr.write(`${stderr.isTTY ? '\r\x1b[2K' : ''}${text}\n`),
  progress: (line) => void (stderr.isTTY && stderr.write(`\r\x1b[2K${line.slice(0, (stderr.columns || usualColumns) - 1)}`)),
};

/** Aborted by the first Ctrl-C or its like; the second ends everything at once. */
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

const serverNames = Object.entries(catalog).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);

function program(): Command {
  const ssebench = new Command('ssebench')
    .description('Load-tests and benchmarks servers of Server-Sent Events.')
    .version(ssebenchVersion)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeErr: () => {} }) // its complaints are printed like ours
    .configureHelp({ optionTerm: ({ flags }) => flags.replace('[', '<').replace(']', '>'), helpWidth: 100 });

  const run = ssebench
    .command('run [servers...]')
    .description('Measures servers, compares them in one table, and writes a report. Without names: all reference servers.')
    .allowUnknownOption()
    .option('--header [line]', 'a request header, such as "Authorization: Bearer abc"; may be repeated', collect)
    .option('--out [folder]', 'where the result goes (default: results/<date>-<name>)')
    .option('--json', 'print the result as JSON instead of the table');
  for (const { flags, about } of Object.values(runOptions)) run.option(flags, about);
  run
    .addHelpText('after', helpAfterRun())
    .action(async (words: string[], { header, out, json, ...options }) => {
      const { servers, unknown } = sortWords(words);
      const request = { servers, unknown, options, headers: header === true ? [true] : (header ?? []), out, json: json === true };
      process.exitCode = await runCommand(request, terminal, interruption());
    });

  ssebench
    .command('serve <server>')
    .description('Starts one reference server in the foreground.')
    .option('--port <number>', 'where it listens; 0 for any free port (default: 3000)')
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1)')
    .addHelpText('after', helpAfterServe())
    .action(async (name: string, { port = '3000', host = '127.0.0.1' }) => {
      process.exitCode = await serveCommand(name, port, host, interruption());
    });
  return ssebench;
}

function collect(line: string | null, lines: (string | true)[] = []): (string | true)[] {
  return [...lines, line ?? true];
}

/** What begins with a dash here is no option of ours; a value may follow it. */
function sortWords(words: readonly string[]) {
  const servers: string[] = [];
  const unknown: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-')) unknown.push(word);
    else if (words[index - 1]?.startsWith('-')) unknown.push(`${unknown.pop()} ${word}`);
    else servers.push(word);
  }
  return { servers, unknown };
}

function helpAfterServe(): string {
  return `
Servers:
${serverNames.join('\n')}

Examples:
  npm run serve -- express
  npm run serve -- hono --port 0
`;
}

function helpAfterRun(): string {
  return `
Durations are written 500ms, 10s, 2m. Every server is a process of its own, started anew for each round;
a URL is measured from outside, with "–" for what only a look inside could tell.

Servers:
${serverNames.join('\n')}

Examples:
  npm run bench                                        all reference servers
  npm run bench -- express fastify --rounds 6          two of them, more rounds
  npm run bench -- node-http --streams 10000 --interval 1s
  npm run bench -- http://127.0.0.1:3000/event --header "Authorization: Bearer abc"
  npm run -s bench -- koa --json > koa.json            -s keeps npm's own lines out

Exit codes: ${exitCodes.success} all measured, ${exitCodes.failure} a server or the harness failed, ${exitCodes.badInput} bad input,
${exitCodes.invalid} a server’s figures cannot be believed, ${exitCodes.interrupted} interrupted.
`;
}

const ssebench = program();
try {
  await ssebench.parseAsync();
} catch (error) {
  if (error instanceof CommanderError && error.code === 'commander.help') {
    terminal.note(ssebench.helpInformation());
    process.exitCode = exitCodes.badInput;
  } else if (error instanceof BadInput) {
    terminal.note(`Nothing was started:\n${error.complaints.map((complaint) => `  ${complaint}`).join('\n')}`);
    process.exitCode = exitCodes.badInput;
  } else if (error instanceof CommanderError) {
    if (error.exitCode !== 0) terminal.note(`Nothing was started:\n  ${error.message.replace(/^error: /, '').replace(/\.?\n?$/, '')}; see --help`);
    process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.badInput;
  } else throw error;
}
