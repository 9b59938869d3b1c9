/** The plan of a run, printed instead of executing it. */
import { kindOf } from '../../scenario/kinds/kinds.ts';
import type { RunResult } from '../../result/run-result.ts';
import { terminalLine } from '../shared/escape.ts';
import { counted, formatNumber, formatRoughly } from '../shared/format.ts';
import { describeScenario } from '../shared/scenario-words.ts';

export interface RunPlan {
  head: Pick<RunResult, 'scenario' | 'servers' | 'against' | 'base' | 'expect' | 'command'>;
  /** Notes to print before the start. */
  notes: readonly string[];
  /** How ssebench gets to the process of each server of the user. */
  processes: readonly { server: string; how: string }[];
  /** URLs that are sent one request first. */
  probed: readonly string[];
  /** The properties of the requests to each URL and of its events, in lines. */
  requests: readonly { server: string; lines: readonly string[] }[];
  /** The cost of TLS; `null` if no server has it. */
  tls: TlsCost | null;
  /** The server of each measured round, in order. */
  order: readonly { server: string; round: number }[];
  generators: number;
  expectedMs: number;
  leakCheck: boolean;
  folder: string;
  configFile: string | null;
  baseline: string | null;
  failOn: string | undefined;
  saveBaseline: string | undefined;
}

/** The least cost of all streams of a round over TLS. */
interface TlsCost {
  streams: number;
  /** CPU time of each side to open all of them. */
  cpuMs: number;
  /** Memory in addition to that without TLS. */
  bytes: number;
}

export function planReport({
  head,
  notes,
  processes,
  probed,
  requests,
  tls,
  order,
  generators,
  expectedMs,
  leakCheck,
  folder,
  configFile,
  baseline,
  failOn,
  saveBaseline,
}: RunPlan): string {
  const rounds = [...Map.groupBy(order, ({ round }) => round)].map(
    ([round, same]) => `  ${round}: ${same.map(({ server }) => server).join(', ')}`,
  );
  return [
    `Scenario: ${describeScenario(head.scenario)}; seed ${head.scenario.seed}`,
    ...(configFile === null ? [] : [`Config file: ${configFile}`]),
    `Generators: ${kindOf(head.scenario.load).generator ?? (generators === 1 ? '1 process' : `${generators} processes`)}`,
    ...processes.map(({ server, how }) => `Server ${server}: ${how}`),
    ...(probed.length === 0 ? [] : [`First: one request to ${probed.join(', ')}, not measured`]),
    ...(tls === null ? [] : [`TLS: ${tlsInWords(tls)}`]),
    ...(head.scenario.load.kind !== 'search'
      ? ['Rounds:', ...rounds]
      : ['Rounds: as many as the search for the capacity of each server needs']),
    ...(leakCheck
      ? [
          'Then: a leak check of each server with a known process' +
            (head.base === undefined ? '' : `, except ${head.base}`),
        ]
      : []),
    ...(head.against === null ? [] : [`Compared with: ${head.against}`]),
    ...(baseline === null
      ? []
      : [
          `Compared with the baseline: ${baseline}${failOn === undefined ? '' : `; fails if a verdict is ${failOn}`}`,
        ]),
    ...head.expect.map((text) => `Expected: ${text}`),
    ...requestLines(head, requests),
    `Result: ${folder}${saveBaseline === undefined ? '' : `; also saved as the baseline ${saveBaseline}`}`,
    `Time: about ${formatRoughly(expectedMs)}`,
    `Repeat with: ${head.command}`,
    ...notes,
  ]
    .map(terminalLine)
    .join('\n');
}

const tlsInWords = ({ streams, cpuMs, bytes }: TlsCost): string =>
  `opening ${counted(streams, 'stream')} takes each side at least ${formatNumber(cpuMs / 1_000)} s of CPU time, ` +
  `and their encryption needs about ${formatNumber(Math.ceil(bytes / 1e6))} MB of memory; the default ramp and the memory check include both`;

/** Names the servers only if their requests differ. */
function requestLines(
  { scenario }: RunPlan['head'],
  requests: RunPlan['requests'],
): readonly string[] {
  if (requests.length === 0)
    return Object.entries(scenario.headers).map(([name, value]) => `Header: ${name}: ${value}`);
  const [first, ...others] = requests.map(({ lines }) => lines.join('\n'));
  return others.every((lines) => lines === first)
    ? requests[0]!.lines
    : requests.flatMap(({ server, lines }) => lines.map((line) => `${server}: ${line}`));
}
