#!/usr/bin/env node
// Entry point of the published package. It is plain JavaScript that old versions of Node can parse.
// If Node is too old, it prints one sentence before it imports anything that would fail there. The
// exit code is that of bad input, as in exit-codes.ts.
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
  const cli = './cli.js'; // exists only in the package
  import(cli);
} else {
  process.stderr.write(
    `ssebench needs Node ${engines.node}, and this is ${process.versions.node}; install a newer Node, from https://nodejs.org or with your version manager, and run it again.\n`,
  );
  process.exitCode = 2;
}
