/**
 * The list of commands. The code of a command is loaded when the command is called, so that the
 * others start quickly.
 */
import type { Commands } from './definitions/definition.ts';

export const commands: Commands = {
  run: {
    usage: '[options] [server...] [-- command...]',
    about: 'measure servers, and compare them in one table',
    load: () => import('./definitions/run.ts'),
  },
  leaks: {
    usage: '[options] [server...] [-- command...]',
    about: 'find what servers keep after clients disconnect',
    load: () => import('./definitions/leaks.ts'),
  },
  watch: {
    usage: '[options] --pid <pid>',
    about: 'watch a server in production, and alarm when it leaks',
    load: () => import('./definitions/watch.ts'),
  },
  check: {
    usage: '[options] [url] [-- command...]',
    about: 'check whether an endpoint is correct and ready for production',
    load: () => import('./definitions/check.ts'),
  },
  compare: {
    usage: '[options] <baseline> <candidate>',
    about: 'compare two saved results',
    load: () => import('./definitions/compare.ts'),
  },
  report: {
    usage: '[options] <result...>',
    about: 'regenerate the reports of saved results',
    load: () => import('./definitions/report.ts'),
  },
  serve: {
    usage: '[options] <server>',
    about: 'start one reference server in the foreground',
    load: () => import('./definitions/serve.ts'),
  },
  help: {
    usage: '[command | manual]',
    about: 'print the help of a command, or a manual',
    load: () => import('./definitions/help.ts'),
  },
  completion: {
    usage: '<bash | zsh | fish>',
    about: 'print a script that completes commands and options in your shell',
    load: () => import('./definitions/completion.ts'),
  },
};
