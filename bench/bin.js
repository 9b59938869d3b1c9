#!/usr/bin/env node
// What the published package starts with. Plain JavaScript that an old Node reads: of a Node that is too old it says so in a
// sentence, before anything is imported that fails there. The exit code is that of bad input, as in exit-codes.ts.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [major, minor] = process.versions.node.split('.').map(Number);

/** @param {string} range such as `^22.19` or `>=24` */
function allows(range) {
  const [, operator, least, leastMinor] = /^\s*(\^|>=)(\d+)(?:\.(\d+))?\s*$/.exec(range);
  return major === Number(least)
    ? minor >= Number(leastMinor || 0)
    : operator === '>=' && major > Number(least);
}

if (engines.node.split('||').some(allows)) {
  const cli = './cli.js'; // which only the package has
  import(cli);
} else {
  process.stderr.write(
    `ssebench needs Node ${engines.node}, and this is ${process.versions.node}; install a newer Node, from https://nodejs.org or with your version manager, and run it again.\n`,
  );
  process.exitCode = 2;
}
