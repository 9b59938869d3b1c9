/** What `--help` says of each command beside its options. */
import { catalog } from '../../servers/catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { leaveModes } from '../leaks/modes.ts';
import { leastRounds } from '../verdict/comparison.ts';

const serverNames = Object.entries(catalog).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);

export function helpAfterServe(): string {
  return `
Servers:
${serverNames.join('\n')}

Examples:
  npm run serve -- express
  npm run serve -- hono --port 0
`;
}

export function helpAfterLeaks(): string {
  return `
How clients leave (--modes):
${leaveModes.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}

Examples:
  npm run leaks                                        all reference servers
  npm run leaks -- express hono --modes all
  npm run leaks -- express --streams 200 --rounds 3
  npm run leaks -- --url http://127.0.0.1:3000/event -- node dist/server.js
  npm run leaks -- --url http://127.0.0.1:3000/event --pid 4711

The server is asked over its inspector, which is a debugger: it listens on 127.0.0.1 only, and is closed afterwards.

Exit codes: ${exitCodes.success} clean, ${exitCodes.leaking} leaking, ${exitCodes.badInput} bad input, ${exitCodes.invalid} could not look, ${exitCodes.interrupted} interrupted.
`;
}

export function helpAfterRun(): string {
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
  npm run bench -- koa --expect "delivery.p99 < 50ms" --expect "missing = 0"
  npm run bench -- koa --rounds 6 --save-baseline main
  npm run bench -- koa --rounds 6 --baseline main --fail-on worse

Exit codes: ${exitCodes.success} all measured and as expected, ${exitCodes.failure} a server or the harness failed, ${exitCodes.badInput} bad input,
${exitCodes.invalid} a server’s figures cannot be believed, ${exitCodes.unmet} not as expected, or worse than the baseline, ${exitCodes.interrupted} interrupted.
`;
}

export function helpAfterCompare(): string {
  return `
A result is named by its folder, its result.json, or the name under which it was saved as a baseline. Verdicts take
${leastRounds} valid rounds of each. Results that were not measured alike are refused, with the differences.

Examples:
  npm run compare -- results/before results/after
  npm run compare -- main results/after --fail-on worse
  npm run -s compare -- main results/after --json > comparison.json

Exit codes: ${exitCodes.success} compared, ${exitCodes.badInput} bad input, ${exitCodes.invalid} --fail-on without a verdict, ${exitCodes.unmet} a verdict is what --fail-on says.
`;
}
