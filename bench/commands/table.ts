/**
 * The list of commands. What only one command needs is loaded when that command is called, so that
 * the others start quickly.
 */
import type { Definition } from './definitions/definition.ts';

interface Command {
  /** The words after the name. */
  usage: string;
  /** One line for the list of commands. */
  about: string;
  load(): Promise<{ definition: Definition }>;
}

export const commands = {
  run: {
    usage: '[options] [servers...]',
    about:
      'Measures servers, compares them in one table, and writes a report. Without names: all reference servers.',
    load: () => import('./definitions/run.ts'),
  },
  compare: {
    usage: '[options] <baseline> <candidate>',
    about:
      'Compares two saved results: better, worse, same or inconclusive, decided over their rounds.',
    load: () => import('./definitions/compare.ts'),
  },
  report: {
    usage: '[options] [results...]',
    about: 'Makes the reports of saved results again.',
    load: () => import('./definitions/report.ts'),
  },
  leaks: {
    usage: '[options] [servers...]',
    about:
      'Finds what servers keep of streams that have gone: timers, listeners, sockets, with the line of code. Without names: all reference servers.',
    load: () => import('./definitions/leaks.ts'),
  },
  serve: {
    usage: '[options] <server>',
    about: 'Starts one reference server in the foreground.',
    load: () => import('./definitions/serve.ts'),
  },
} satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];
