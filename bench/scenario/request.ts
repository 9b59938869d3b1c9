/** From the words of a command line to a complete request, or to everything that is wrong with them. */
import { randomInt } from 'node:crypto';
import { optionAsTyped, type Complain, type Mentions } from './complaint.ts';
import { readHeaders } from './headers.ts';
import { localAddressesFor, reservedDescriptors, type MachineLimits } from './limits.ts';
import { flagOf, readValues, type OptionWords } from './option.ts';
import { runOptions } from './options.ts';
import { completeScenario, type Scenario, type Target } from './scenario.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { readTargets } from './targets.ts';

/** The words, as they were typed. */
export interface RunWords {
  /** Names of servers, and URLs. */
  servers: readonly string[];
  options: OptionWords;
  headers: Mentions;
  /** What is expected of the figures. */
  expect: Mentions;
}

export interface RunRequest {
  targets: Target[];
  scenario: Scenario;
  /** The server with which the others are compared; `null` where there are no others. */
  against: string | null;
}

/** @returns the request, or all complaints, each naming the option, the value and the way out */
export function readRunRequest(words: RunWords, limits: MachineLimits): { request: RunRequest } | { complaints: string[] } {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(runOptions, words.options, complain);
  const targets = readTargets(words.servers, values.interval ?? null, complain);
  const headers = readHeaders(words.headers, complain);
  const against = readAgainst(words.servers, values.against, targets, complain);

  const streams = values.streams ?? 1000;
  const reference = targets.some(({ kind }) => kind === 'reference');
  const url = targets.some(({ kind }) => kind === 'url');
  if (url && (values.quietStreams ?? 0) > 0) {
    complain(`${flagOf(runOptions.quietStreams)} ${values.quietStreams}: a URL cannot be asked for quiet streams; leave it out`);
  }
  const quietStreamsFor = (paced: number) => values.quietStreams ?? (url ? 0 : Math.min(200, Math.floor(paced / 5)));
  const quietStreams = quietStreamsFor(streams);
  if (values.disconnect === 'reset' && targets.some((target) => target.kind === 'url' && new URL(target.url).protocol === 'https:')) {
    complain(`${flagOf(runOptions.disconnect)} reset: Node cannot reset a TLS connection; leave it out for https`);
  }
  const unread = (['streams', 'quietStreams'] as const).some((name) => words.options[name] && values[name] === undefined);
  if (!unread) checkLimits(targets, streams, quietStreamsFor, limits, complain);
  if (complaints.length > 0) return { complaints };

  const scenario = completeScenario({
    streams,
    quietStreams,
    intervalMs: values.interval ?? (reference ? 100 : null),
    rampMs: values.ramp,
    warmUpMs: values.warmup,
    durationMs: values.duration,
    rounds: values.rounds,
    seed: values.seed ?? randomInt(2 ** 32),
    disconnect: values.disconnect ?? 'fin',
    headers,
  });
  return { request: { targets, scenario, against } };
}

/** What all frameworks are built upon. */
const usualBaseline = 'node-http';

function readAgainst(servers: readonly string[], typed: string | undefined, targets: readonly Target[], complain: Complain): string | null {
  const names = targets.map(({ name }) => name);
  const name = typed === undefined ? (servers.length === 0 ? usualBaseline : names[0]) : urlWithoutSecrets(typed);
  if (typed !== undefined && !names.includes(name!)) {
    complain(`${optionAsTyped(flagOf(runOptions.against), name!)}: is not among the servers that are measured; choose from ${names.join(', ')}`);
  }
  return names.length > 1 ? name! : null;
}

function checkLimits(
  targets: readonly Target[],
  streams: number,
  quietStreamsFor: (streams: number) => number,
  limits: MachineLimits,
  complain: Complain,
) {
  const quietStreams = quietStreamsFor(streams);
  const all = streams + quietStreams;
  const flag = flagOf(runOptions.streams);
  const forServer = limits.descriptors - reservedDescriptors;
  if (forServer < 1) {
    complain(
      `ulimit -n ${limits.descriptors}: a process needs ${reservedDescriptors} file descriptors beside those of its streams; ` +
        'raise the limit, such as with ulimit -n 4096',
    );
  } else if (targets.some(({ kind }) => kind === 'reference') && all > forServer) {
    let most = forServer;
    while (most > 0 && most + quietStreamsFor(most) > forServer) most--;
    complain(
      `${flag} ${streams}: with ${quietStreams} quiet streams a server would need ${all + reservedDescriptors} file ` +
        `descriptors and may have ${limits.descriptors}; ask for ${most > 0 ? `at most ${most}` : 'fewer quiet ones'}, ` +
        'or raise the limit with ulimit -n',
    );
  }
  for (const target of targets) {
    if (target.kind !== 'url') continue;
    const { hostname } = new URL(target.url);
    if (localAddressesFor(hostname, all, limits)[0] === undefined && all > limits.ports) {
      complain(
        `${flag} ${streams}: ${hostname} can be reached from ${limits.ports} local ports; ask for at most ${limits.ports}, ` +
          `or widen net.ipv4.ip_local_port_range`,
      );
    }
  }
}
