/** How a person calls a command: by the npm scripts of this repository, or as the package that is installed in theirs. */
import { extname } from 'node:path';

/** What is installed was compiled. */
const isInstalled = extname(import.meta.url) === '.js';
const scripts = {
  run: 'bench',
  compare: 'compare',
  leaks: 'leaks',
  report: 'report',
  serve: 'serve',
};

/** @param quietly without npm's own lines, for output that a program reads */
export function called(command: keyof typeof scripts, args: string, quietly = false): string {
  if (isInstalled) return `npx ssebench ${command}${args && ` ${args}`}`;
  return `npm run ${quietly ? '-s ' : ''}${scripts[command]}${args && ` -- ${args}`}`;
}
