/** Turns the words of a command line into a complete request, or into all complaints about them. */
import { randomInt } from 'node:crypto';
import { checkCombinations } from './combinations.ts';
import { accepted, refused, type Checked, type Complain } from './complaint.ts';
import { cookieExample } from './cookies.ts';
import { checkEventOptions } from './event-options.ts';
import { headerLine } from './headers.ts';
import type { RestOfRequest, OptionValuesByName } from './kinds/kind.ts';
import { features, isGiven, isKind, kindOf, loadKinds, type Load } from './kinds/kinds.ts';
import type { MachineLimits } from './limits.ts';
import { runOptions } from './options.ts';
import { checkRoom } from './machine-room.ts';
import { checkAccess } from './own-servers/access.ts';
import type { RunWords } from './run-words.ts';
import { readReconnectDelay } from './reconnect-delay.ts';
import { completeScenario, type Scenario, type ServerUnderTest } from './scenario.ts';
import { smallLoadOf, type SmallLoad } from './small-load.ts';
import { commonInterval, readAgainst, readServersUnderTest } from './servers-of-run.ts';
import { requestOptions } from './request-words.ts';
import {
  connectionOptions,
  readStreamRequest,
  requestInWords,
  type StreamRequest,
} from './read-request.ts';
import { givenInWords, onCommandLine, readValues } from './values.ts';

export interface RunRequest {
  serversUnderTest: ServerUnderTest[];
  scenario: Scenario;
  /** The server that the others are compared with; `null` if there are no others. */
  against: string | null;
  /** The options with the small default of URLs. */
  smallLoad: SmallLoad;
}

const usualStreams = 1_000;

/** @returns the request, or all complaints, each with the option, the value and what to do */
export function readRunRequest(words: RunWords, limits: MachineLimits): Checked<RunRequest> {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(runOptions, words.options, complain);
  const serversUnderTest = readServersUnderTest(words, values.interval, complain);
  const request = {
    ...readRequestInWords(words, serversUnderTest, complain).request,
    mayLeaveMachine: words.options.allowRemote !== undefined,
  };
  const against = readAgainst(words, values.against, serversUnderTest, complain);

  const others = { servers: words.servers, expectations: words.expect.length };
  const load = readLoad(values, { ...others, streams: values.streams ?? usualStreams });
  const { hasQuietStreams = true, streamsOf, roomOf } = kindOf(load);
  const smallLoad = smallLoadOf(serversUnderTest, load, values);
  const streams = streamsOf?.(load) ?? values.streams ?? smallLoad.streams ?? usualStreams;
  const reference = serversUnderTest.some(({ kind }) => kind === 'reference');
  const urls = serversUnderTest.filter((server) => server.kind === 'url');
  checkAccess(urls, values, words.options, complain);
  checkEventOptions(values, words.options, urls.length > 0, complain);
  checkCombinations(values, words.options, complain);
  for (const [, feature] of features) {
    if (!isKind(feature) || isGiven(feature, values))
      feature.refuse?.(values, { ...others, streams }, complain);
  }
  const quietStreamsFor = (paced: number) =>
    values.quietStreams ??
    (urls.length > 0 || !hasQuietStreams ? 0 : Math.min(200, Math.floor(paced / 5)));
  const quietStreams = quietStreamsFor(streams);
  const slowReaders = values.slowReaders ?? 0;
  const remainingStreams = values.remainingStreams ?? 0;
  const unread = (['streams', 'quietStreams', 'slowReaders', 'remainingStreams'] as const).some(
    (name) => words.options[name] && values[name] === undefined,
  );
  if (!unread)
    checkRoom(
      serversUnderTest,
      {
        streams,
        room: roomOf?.(load, streams),
        others: slowReaders + remainingStreams,
        quietStreamsFor,
      },
      limits,
      complain,
    );
  if (complaints.length > 0) return refused(...complaints);

  const scenario = completeScenario({
    name: values.scenario ?? null,
    load,
    streams,
    payloadBytes: values.bytes ?? 0,
    ticker: values.ticker ?? 'own',
    slowReaders,
    slowBytesPerSecond: values.slowBytes ?? 0,
    remainingStreams,
    quietStreams,
    intervalMs: values.interval ?? (reference ? 100 : commonInterval(urls)),
    rampMs: values.ramp,
    warmUpMs: values.warmup,
    durationMs: values.duration,
    rounds: values.rounds ?? smallLoad.rounds,
    seed: values.seed ?? randomInt(2 ** 32),
    reconnect: values.reconnect ? readReconnectDelay(values, streams) : null,
    disconnect: values.disconnect ?? 'fin',
    headers: request.headers,
    events: {
      sequence: values.sequence ?? null,
      stamp: values.stamp ?? null,
      sequenceOf: values.sequenceOf ?? null,
      byEvent: values.byEvent ?? false,
    },
  });
  // A search gives each server its own load, so their figures are not comparable.
  return accepted({
    serversUnderTest: serversUnderTest.map((server) =>
      server.kind === 'url'
        ? {
            ...server,
            // A server's own header overrides the header of all servers.
            request: { ...request, headers: { ...request.headers, ...server.request.headers } },
          }
        : server,
    ),
    scenario,
    against: load.kind === 'search' ? null : against,
    smallLoad,
  });
}

/** The requests to all of these servers. */
function readRequestInWords(
  { options, headers }: RunWords,
  serversUnderTest: readonly ServerUnderTest[],
  complain: Complain,
): StreamRequest {
  const urls = serversUnderTest.filter((server) => server.kind === 'url');
  const isForUrls = serversUnderTest.length === 0 || urls.length > 0;
  return readStreamRequest(
    requestInWords(givenInWords(requestOptions, { ...options, header: headers })),
    {
      servers: urls.map(({ url, request }) => ({ url, headers: request.headers })),
      withoutEffect: isForUrls ? [] : ['method', 'body', ...connectionOptions],
      startsServer: urls.some(({ process }) => process?.kind === 'command'),
      wording: onCommandLine(requestOptions),
      header: headerLine,
      cookie: cookieExample,
    },
    complain,
  );
}

/** The load kind that the values select. If they select two, `checkCombinations` complains. */
function readLoad(values: OptionValuesByName, request: RestOfRequest): Load {
  const kind = loadKinds.find((each) => isGiven(each, values));
  return kind ? (kind.read(values, request) as Load) : { kind: 'steady' };
}
