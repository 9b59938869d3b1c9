#!/usr/bin/env node
/** The command line: the only file that reads argv, prints, or sets the exit code. */
import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { program } from './commands/program.ts';
import { commands } from './commands/table.ts';
import { BadInput, type Terminal } from './commands/terminal.ts';
import { terminalNote, terminalOutput, terminalText } from './report/shared/escape.ts';
import { exitCodes } from './result/exit-codes.ts';

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

const note: Terminal['note'] = (text) =>
  void stderr.write(`${stderr.isTTY ? '\r\x1b[2K' : ''}${terminalNote(text, hasStyles)}\n`);

const terminal: Terminal = {
  interactive: stderr.isTTY,
  width: stdout.isTTY ? stdout.columns || usualColumns : Infinity,
  style,
  print: (text) =>
    void stdout.write(
      `${terminalOutput(text, hasStyles)}\n`,
      (error) => void (error && unprinted.texts.push(text)),
    ),
  note,
  essential: note,
  progress: (line) =>
    void (
      stderr.isTTY &&
      stderr.write(`\r\x1b[2K${terminalText(line).slice(0, (stderr.columns || usualColumns) - 1)}`)
    ),
  ...(isatty(0) && stderr.isTTY && { ask }),
};

/** The end of the input, as by Ctrl-D, is a no. */
function ask(question: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((answered) => {
    const lines = createInterface({ input: process.stdin });
    const end = (answer: boolean) => {
      answered(answer);
      lines.close();
    };
    signal.addEventListener('abort', () => end(false));
    lines.once('line', (line) => end(/^\s*y(es)?\s*$/i.test(line)));
    lines.once('close', () => end(false));
    stderr.write(question);
  });
}

process.once('beforeExit', async () => {
  // A reader that closes the pipe early, such as `head`, is not a failure.
  if (unprinted.error === undefined || unprinted.error.code === 'EPIPE') return;
  process.exitCode ||= exitCodes.failure;
  const text = unprinted.texts.map((each) => `${each}\n`).join('');
  const { saveElsewhere } = await import('./report/save-text.ts');
  const file = text === '' ? undefined : saveElsewhere('output.txt', text);
  note(
    `stdout could not be written to (${unprinted.error.code})${file === undefined ? '' : `; the output is in ${file}`}.`,
  );
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
      note('Stopping; again to stop at once.');
      controller.abort();
    });
  }
  return controller.signal;
}

// The arguments after the first `--` of these commands are the user's command. We do not parse its
// options.
const argv = process.argv.slice(2);
const dashes = ['run', 'leaks', 'check'].includes(argv[0]!) ? argv.indexOf('--') : -1;
const words = dashes < 0 ? argv : argv.slice(0, dashes);
const behindDashes = dashes < 0 ? [] : argv.slice(dashes + 1);
const ssebench = program(
  { terminal, interruption, behindDashes, commands },
  (code) => (process.exitCode = code),
  (help) => {
    note(help);
    process.exitCode = exitCodes.badInput;
  },
);
try {
  await ssebench.parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof BadInput) {
    note(
      `Error: invalid input; nothing was started:\n${error.complaints.map((complaint) => `  ${terminalText(complaint)}`).join('\n')}`,
    );
    process.exitCode = exitCodes.badInput;
  } else if (!(error instanceof CommanderError && error.exitCode === 0)) {
    // `--help` and `--version` throw with exit code 0. Node prints the stack of others unescaped.
    if (error instanceof Error) error.stack = terminalNote(String(error.stack), false);
    throw error;
  }
}
