/** From the words of a command line to a complete request, or to everything that is wrong with them. */
import { randomInt } from 'node:crypto';
import { catalog } from '../../servers/catalog.ts';
import { parseDuration } from './duration.ts';
import { localAddressesFor, reservedDescriptors, type MachineLimits } from './limits.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { completeScenario, disconnectModes, type DisconnectMode, type Scenario, type Target } from './scenario.ts';

/** The words, as they were typed: option → text, `true` where the text is missing. */
export interface RunWords {
  /** Names of servers, and URLs. */
  servers: readonly string[];
  options: Readonly<Record<string, string | true | undefined>>;
  headers: readonly (string | true)[];
}

export interface RunRequest {
  targets: Target[];
  scenario: Scenario;
}

interface RunOption<Value = number | DisconnectMode> {
  flags: string;
  about: string;
  /** @returns the value, or what it must be */
  read(text: string): Value | { must: string };
}

function wholeNumber(min: number, max: number, example: string): RunOption<number>['read'] {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return { must: `a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}, such as ${example}` };
  };
}

function duration(minMs: number, example: string): RunOption<number>['read'] {
  return (text) => {
    const value = parseDuration(text) ?? NaN;
    if (value >= minMs && value <= longestMs && Number.isInteger(value)) return value;
    return { must: `a duration with its unit, in whole milliseconds, from ${minMs}ms to 24h, such as ${example}` };
  };
}

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word | { must: string } {
  return (text) => words.find((word) => word === text) ?? { must: words.join(' or ') };
}

const longestMs = 24 * 3_600_000;
const mostStreams = 1_000_000;

/** The options that shape the load: help and validation take theirs from here. */
export const runOptions = {
  streams: {
    flags: '--streams [N]',
    about: 'concurrent streams (default: 1000)',
    read: wholeNumber(1, mostStreams, '--streams 1000'),
  },
  interval: {
    flags: '--interval [TIME]',
    about: 'time between two events of a stream; of a URL, what it is known to keep (default: 100ms)',
    read: duration(1, '--interval 100ms'),
  },
  duration: {
    flags: '--duration [TIME]',
    about: 'how long to measure in each round (default: 2.5s, or ten intervals if longer)',
    read: duration(1, '--duration 10s'),
  },
  ramp: {
    flags: '--ramp [TIME]',
    about: 'time over which the streams are opened (default: 1.5s, or 1s per 1,000 streams if longer)',
    read: duration(0, '--ramp 5s'),
  },
  warmup: {
    flags: '--warmup [TIME]',
    about: 'time between the ramp and the measuring (default: 500ms, or three intervals if longer)',
    read: duration(0, '--warmup 2s'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'how often to measure each server, in shuffled order (default: 3)',
    read: wholeNumber(1, 1000, '--rounds 6'),
  },
  quietStreams: {
    flags: '--quiet-streams [N]',
    about: 'streams beside the others on which nothing is sent (default: a fifth, at most 200; URL: 0)',
    read: wholeNumber(0, mostStreams, '--quiet-streams 200'),
  },
  disconnect: {
    flags: '--disconnect [MODE]',
    about: 'how all streams leave: fin, like a page that is closed, or reset (default: fin)',
    read: oneOf(disconnectModes),
  },
  seed: {
    flags: '--seed [N]',
    about: 'repeats the order of rounds and the arrivals of an earlier run (default: a new one, recorded)',
    read: wholeNumber(0, 2 ** 32 - 1, '--seed 42'),
  },
} satisfies Record<string, RunOption>;

/** `--quiet-streams`, as a person writes it. */
export const flagOf = (option: { flags: string }) => option.flags.split(' ')[0]!;

/** @returns the request, or all complaints, each naming the option, the value and the way out */
export function readRunRequest(words: RunWords, limits: MachineLimits): { request: RunRequest } | { complaints: string[] } {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(words.options, complain);
  const targets = readTargets(words.servers, values.interval ?? null, complain);
  const headers = readHeaders(words.headers, complain);

  const streams = values.streams ?? 1000;
  const reference = targets.some(({ kind }) => kind === 'reference');
  const url = targets.some(({ kind }) => kind === 'url');
  if (url && (values.quietStreams ?? 0) > 0) {
    complain(`${flagOf(runOptions.quietStreams)} ${values.quietStreams}: a URL cannot be asked for quiet streams; leave it out`);
  }
  const quietStreams = values.quietStreams ?? (url ? 0 : Math.min(200, Math.floor(streams / 5)));
  if (values.disconnect === 'reset' && targets.some((target) => target.kind === 'url' && new URL(target.url).protocol === 'https:')) {
    complain(`${flagOf(runOptions.disconnect)} reset: Node cannot reset a TLS connection; leave it out for https`);
  }
  checkLimits(targets, streams, quietStreams, limits, complain);
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
  return { request: { targets, scenario } };
}

type Complain = (complaint: string) => void;

type OptionName = keyof typeof runOptions;
type Values = { [Name in OptionName]?: Exclude<ReturnType<(typeof runOptions)[Name]['read']>, { must: string }> };

function readValues(options: RunWords['options'], complain: Complain): Values {
  const values: Partial<Record<OptionName, Values[OptionName]>> = {};
  for (const [name, option] of Object.entries(runOptions) as [OptionName, RunOption][]) {
    const text = options[name];
    if (text === undefined) continue;
    const value = option.read(text === true ? '' : text);
    if (typeof value !== 'object') values[name] = value;
    else complain(`${flagOf(option)}${text === true ? '' : ` ${text}`}: must be ${value.must}`);
  }
  return values as Values;
}

function readTargets(servers: readonly string[], intervalMs: number | null, complain: Complain): Target[] {
  const names = Object.keys(catalog);
  const targets: Target[] = [];
  for (const name of servers.length > 0 ? servers : names) {
    if (targets.some((target) => target.name === name)) complain(`${name}: named twice; name it once`);
    else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
      const url = URL.parse(name);
      if (url && /^https?:$/.test(url.protocol)) targets.push({ kind: 'url', name: urlWithoutSecrets(name), url: name, intervalMs });
      else complain(`${urlWithoutSecrets(name)}: must be a URL that begins with http:// or https://`);
    } else if (Object.hasOwn(catalog, name)) targets.push({ kind: 'reference', name, file: catalog[name]!.file });
    else complain(`${name}: no such server; ${wayOut(name, names)}`);
  }
  return targets;
}

/** What may have been meant by the name of a server that there is not. */
function wayOut(name: string, names: readonly string[]): string {
  if (/^[\w.-]+:\d+/.test(name)) return `did you mean http://${name}?`;
  if (/^\d/.test(name)) return 'npm takes options for itself unless -- stands before them: npm run bench -- --streams 100';
  return `choose from ${names.join(', ')}, or give a URL`;
}

function readHeaders(lines: RunWords['headers'], complain: Complain): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(String(line)) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value.trim();
    else complain(`--header ${line === true ? '' : line}: must be a name without spaces, a colon and a value, such as --header 'Authorization: Bearer abc'`);
  }
  return headers;
}

function checkLimits(
  targets: readonly Target[],
  streams: number,
  quietStreams: number,
  limits: MachineLimits,
  complain: Complain,
) {
  const all = streams + quietStreams;
  const flag = flagOf(runOptions.streams);
  const forServer = limits.descriptors - reservedDescriptors;
  if (targets.some(({ kind }) => kind === 'reference') && all > forServer) {
    complain(
      `${flag} ${streams}: with ${quietStreams} quiet streams a server would need ${all + reservedDescriptors} file ` +
        `descriptors and may have ${limits.descriptors}; ask for at most ${forServer - quietStreams}, or raise the limit with ulimit -n`,
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
