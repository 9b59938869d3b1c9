/** From the words of a command line to a complete request, or to everything that is wrong with them. */
import { randomInt } from 'node:crypto';
import { catalog } from '../../servers/catalog.ts';
import { openAtOnce } from './churn.ts';
import { optionAsTyped, type Complain, type Mentions } from './complaint.ts';
import { readHeaders } from './headers.ts';
import type { MachineLimits } from './limits.ts';
import { flagOf, readValues, type OptionWords } from './option.ts';
import { runOptions } from './options.ts';
import { checkRoom } from './machine-room.ts';
import { completeScenario, type Scenario, type Target } from './scenario.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { readTargets, targetNamed } from './servers-under-test.ts';
import {
  checkFinite,
  checkFlood,
  checkSearch,
  checkSlowBytes,
  checkUrl,
  readChurn,
  readCut,
} from './unusual-loads.ts';

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
export function readRunRequest(
  words: RunWords,
  limits: MachineLimits,
): { request: RunRequest } | { complaints: string[] } {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(runOptions, words.options, complain);
  const targets = readTargets(words.servers, values.interval ?? null, complain).filter(
    ({ name }) => words.servers.length > 0 || values.interval !== 0 || catalog[name]!.waitsForDrain,
  );
  const headers = readHeaders(words.headers, complain);
  const against = readAgainst(words.servers, values.against, targets, complain);

  const churn = readChurn(values, complain);
  const streams = churn ? openAtOnce(churn) : (values.streams ?? 1000);
  const reference = targets.some(({ kind }) => kind === 'reference');
  const url = targets.some(({ kind }) => kind === 'url');
  if (url) checkUrl(values, complain);
  const cut = readCut(values, streams, complain);
  const quietStreamsFor = (paced: number) =>
    values.quietStreams ??
    (url || cut || values.eventsEach !== undefined ? 0 : Math.min(200, Math.floor(paced / 5)));
  const quietStreams = quietStreamsFor(streams);
  const slowReaders = values.slowReaders ?? 0;
  const stayingStreams = values.stayingStreams ?? 0;
  if (values.eventsEach !== undefined) checkFinite(values, complain);
  if (values.search !== undefined) checkSearch(values, words.expect.length, complain);
  if (values.slowBytes) checkSlowBytes(values, complain);
  if (values.interval === 0) checkFlood(words.servers, complain);
  if (
    values.disconnect === 'reset' &&
    targets.some((target) => target.kind === 'url' && new URL(target.url).protocol === 'https:')
  ) {
    complain(
      `${flagOf(runOptions.disconnect)} reset: Node cannot reset a TLS connection; leave it out for https`,
    );
  }
  const unread = (['streams', 'quietStreams', 'slowReaders', 'stayingStreams'] as const).some(
    (name) => words.options[name] && values[name] === undefined,
  );
  if (!unread)
    checkRoom(
      targets,
      { streams, churn, others: slowReaders + stayingStreams, quietStreamsFor },
      limits,
      complain,
    );
  if (complaints.length > 0) return { complaints };

  const scenario = completeScenario({
    preset: values.scenario ?? null,
    streams,
    payloadBytes: values.bytes ?? 0,
    ticker: values.ticker ?? 'own',
    churn,
    slowReaders,
    slowBytesPerSecond: values.slowBytes ?? 0,
    stayingStreams,
    cut,
    eventsEach: values.eventsEach ?? null,
    search: values.search ?? null,
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
  // Under loads of their own, servers do not compare.
  return { request: { targets, scenario, against: scenario.search === null ? against : null } };
}

/** What all frameworks are built upon. */
const usualBaseline = 'node-http';

function readAgainst(
  servers: readonly string[],
  typed: string | undefined,
  targets: readonly Target[],
  complain: Complain,
): string | null {
  const names = targets.map(({ name }) => name);
  const name =
    typed === undefined
      ? servers.length === 0
        ? usualBaseline
        : names[0]
      : (targetNamed(typed, targets)?.name ?? urlWithoutSecrets(typed));
  if (typed !== undefined && !names.includes(name!)) {
    complain(
      `${optionAsTyped(flagOf(runOptions.against), name!)}: is not among the servers that are measured; choose from ${names.join(', ')}`,
    );
  }
  return names.length > 1 ? name! : null;
}
