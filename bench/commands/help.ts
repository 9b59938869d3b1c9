/** The parts of `--help` after the options of each command. */
import { catalog } from '../../servers/catalog.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';
import { called } from './invocation.ts';

const table = (rows: readonly (readonly [string, string])[]) => {
  const width = Math.max(
    0,
    ...rows.filter(([, about]) => about !== '').map(([name]) => name.length),
  );
  return rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`.trimEnd()).join('\n');
};
const servers = table(Object.entries(catalog).map(([name, { about }]) => [name, about]));

/** @param rows arguments, and what they show if that is not obvious */
const examples = (
  command: Parameters<typeof called>[0],
  rows: readonly (readonly [args: string, about?: string])[],
) => table(rows.map(([args, about = '']) => [called(command, args), about]));

export const helpAfterServe = (): string => `
Servers:
${servers}

Examples:
${examples('serve', [['express'], ['hono --port 0']])}
`;

export const helpAfterLeaks = (): string => `
How clients leave (--modes):
${table(disconnectModes.map(({ name, about }) => [name, about]))}

Examples:
${examples('leaks', [
  ['', 'all reference servers'],
  ['express hono --modes all'],
  ['express --streams 200 --rounds 3'],
  ['--url http://127.0.0.1:3000/event -- node dist/server.js'],
  ['--url http://127.0.0.1:3000/event --pid 4711'],
])}

The server is asked over its inspector, which is a debugger: it listens on loopback only, and is closed afterwards.

Exit codes: ${exitCodes.success} clean, ${exitCodes.leaking} leaking or unexpected, ${exitCodes.badInput} bad input, ${exitCodes.invalid} not inspected, ${exitCodes.interrupted} interrupted.
`;

export const helpAfterRun = (): string => `
Durations are written 500ms, 10s, 2m. Every server is a process of its own, started anew for each round;
a URL is measured from outside, with "–" for what only a look inside could tell. It is sent one request before the load,
closed after its headers, so that a URL without a stream is reported at once (--no-probe: none).

Servers:
${servers}

Scenarios (--scenario):
${table(Object.entries(namedScenarios).map(([name, { about }]) => [name, about]))}

Examples:
${examples('run', [
  ['', 'all reference servers'],
  ['express fastify --rounds 6', 'two of them, with verdicts'],
  ['node-http --streams 10000 --interval 1s'],
  ['http://127.0.0.1:3000/event --header "Authorization: Bearer abc"'],
  ['express hono --scenario firehose --bytes 1024'],
  ['--scenario churn --arrivals 500'],
  ['koa --expect "delivery.p99 < 50ms" --expect "missing = 0"'],
  ['koa --rounds 6 --save-baseline main', 'before a change'],
  ['koa --rounds 6 --baseline main --fail-on worse', 'after it'],
])}
  ${called('run', 'koa --json > koa.json', true)}

Exit codes: ${exitCodes.success} all measured and as expected, ${exitCodes.failure} a server or the harness failed, ${exitCodes.badInput} bad input,
${exitCodes.invalid} a server’s figures cannot be believed, ${exitCodes.leaking} a server leaks (--leak-check), ${exitCodes.unmet} not as expected, or worse than the baseline,
${exitCodes.interrupted} interrupted.
`;

export const helpAfterReport = (): string => `
A result is named by its folder, or its result.json. What stands there under these names is replaced.

Examples:
${examples('report', [['results/before'], ['results/*/', 'all of them']])}

Exit codes: ${exitCodes.success} written, ${exitCodes.badInput} bad input: nothing was written.
`;

export const helpAfterCompare = (): string => `
A result is named by its folder, its result.json, or the name under which it was saved as a baseline. Verdicts take
${leastRounds} valid rounds of each. Results that were not measured alike are refused, with the differences.

Examples:
${examples('compare', [['results/before results/after'], ['main results/after --fail-on worse']])}
  ${called('compare', 'main results/after --json > comparison.json', true)}

Exit codes: ${exitCodes.success} compared, ${exitCodes.badInput} bad input, ${exitCodes.invalid} --fail-on without a verdict, ${exitCodes.unmet} a verdict is what --fail-on says.
`;
