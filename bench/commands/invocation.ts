/**
 * How a user calls a command: with the npm scripts of this repository, or from the installed
 * package.
 */
import { extname } from 'node:path';

/** The installed package is compiled to JavaScript. */
const isInstalled = extname(import.meta.url) === '.js';
/** The npm scripts; the script `ssebench` takes every command. */
const scripts: Readonly<Record<string, string>> = {
  run: 'bench',
  compare: 'compare',
  leaks: 'leaks',
  report: 'report',
  serve: 'serve',
};

/**
 * @param quietly without npm's own output, for output that a program reads
 * @returns the line to type
 */
export function called(command: string, args: string, quietly = false): string {
  if (isInstalled) return `npx ssebench ${command}${args && ` ${args}`}`;
  const npm = `npm run ${quietly ? '-s ' : ''}`;
  const script = scripts[command];
  if (script === undefined) return `${npm}ssebench -- ${command}${args && ` ${args}`}`;
  return `${npm}${script}${args && ` -- ${args}`}`;
}
