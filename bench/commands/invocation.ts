/**
 * How a user calls a command: with the npm scripts of this repository, or from the installed
 * package.
 */
import { extname } from 'node:path';

/** The installed package is compiled to JavaScript. */
const isInstalled = extname(import.meta.url) === '.js';
const scripts = {
  run: 'bench',
  compare: 'compare',
  leaks: 'leaks',
  report: 'report',
  serve: 'serve',
};

/** @param quietly without npm's own output, for output that a program reads */
export function called(command: keyof typeof scripts, args: string, quietly = false): string {
  if (isInstalled) return `npx ssebench ${command}${args && ` ${args}`}`;
  return `npm run ${quietly ? '-s ' : ''}${scripts[command]}${args && ` -- ${args}`}`;
}
