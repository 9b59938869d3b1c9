/** Turns the words of a command line into a complete request, or into all complaints about them. */
import { catalog } from '../../servers/catalog.ts';
import { apiOf } from './apis/apis.ts';
import { checkCombinations } from './combinations.ts';
import { accepted, optionAsTyped, refused, type Checked, type Complain } from './complaint.ts';
import { cookieExample } from './cookies.ts';
import { checkEventOptions, type EventOptions } from './event-options.ts';
import { headerLine } from './headers.ts';
import type { Demand } from './demand.ts';
import { checkHttp2, leastStreamsPerConnection } from './http2.ts';
import type { LoadKind, RestOfRequest, OptionValuesByName } from './kinds/kind.ts';
import { features, isGiven, isKind, kindOf, loadKinds, type Load } from './kinds/kinds.ts';
import type { MachineLimits } from './limits.ts';
import { runOptions } from './options.ts';
import { checkRoom } from './machine-room.ts';
import { accessInWords, accessTo, checkAccess } from './own-servers/access.ts';
import type { OptionWords } from './option.ts';
import { hasOwnServer } from './own-servers/read.ts';
import type { RunWords } from './run-words.ts';
import type { Scenario, ServerUnderTest } from './scenario.ts';
import {
  cohortsOf,
  eventsIn,
  scenarioOf,
  urlsAmong,
  type Cohorts,
  type RunValues,
} from './scenario-of-values.ts';
import { smallLoadOf, type SmallLoad } from './small-load.ts';
import { readAgainst, readServersUnderTest } from './servers-of-run.ts';
import type { RequestOptions } from './request-options.ts';
import { requestOptions } from './request-words.ts';
import {
  connectionOptions,
  readStreamRequest,
  requestInWords,
  type StreamRequest,
  type UsualRequest,
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

/** The parts of a request that are known even if other parts of it are invalid. */
export interface KnownRequest {
  /** Only valid ones. */
  serversUnderTest: readonly ServerUnderTest[];
  load: Load;
  events: EventOptions;
}

const usualStreams = 1_000;

/**
 * @param whyNot further complaints, so that they come together with all others
 * @returns the request, or all complaints, each with the option, the value and what to do
 */
export function readRunRequest(
  words: RunWords,
  limits: MachineLimits,
  whyNot: (known: KnownRequest) => readonly string[] = () => [],
): Checked<RunRequest> {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(runOptions, words.options, complain);
  const named = readServersUnderTest(words, values.interval, complain);
  const { streamsPerConnection = null } = values;
  const request = {
    ...readRequestInWords(words, named, complain).request,
    mayLeaveMachine: words.options.allowRemote !== undefined,
    http2: values.http2 ? { streamsPerConnection } : null,
  };
  const serversUnderTest = named.map((server) =>
    withRequest(server, request, { streamsPerConnection }),
  );
  const against = readAgainst(words, values.against, serversUnderTest, complain);

  const others = {
    servers: words.servers,
    hasReference: serversUnderTest.some(({ kind }) => kind === 'reference'),
    expectations: words.expect.length,
  };
  const selected = loadKinds.find((each) => isGiven(each, values));
  const smallLoad = smallLoadOf(serversUnderTest, {
    small: typeof selected?.small === 'function' ? selected.small(values) : selected?.small,
    given: values,
    ofScenario: words.small,
  });
  const wanted = values.streams ?? smallLoad.streams?.value ?? usualStreams;
  const load = readLoad(selected, values, { ...others, streams: wanted });
  const streams = kindOf(load).streamsOf?.(load) ?? wanted;
  checkTogether(words, values, serversUnderTest, { ...others, streams }, complain);
  checkHttp2(serversUnderTest, request.headers, values, words.options, complain);
  const cohorts = { streams, ...cohortsOf(values, load, serversUnderTest) };
  const serverProcesses = areRead(words, values)
    ? checkMachine(
        serversUnderTest,
        {
          load,
          cohorts,
          given: values.serverProcesses,
          perConnection: leastStreamsPerConnection(serversUnderTest, values),
        },
        limits,
        complain,
      )
    : 1;
  whyNot({ serversUnderTest, load, events: eventsIn(values) }).forEach(complain);
  if (complaints.length > 0) return refused(...complaints);

  const scenario = scenarioOf(values, {
    load,
    serversUnderTest,
    smallLoad,
    cohorts,
    serverProcesses,
  });
  return accepted({
    serversUnderTest,
    scenario: { ...scenario, headers: request.headers },
    // A search gives each server its own load, so their figures are not comparable.
    against: load.kind === 'search' ? null : against,
    smallLoad,
  });
}

/** Complains about options that do not combine with each other or with the servers. */
function checkTogether(
  words: RunWords,
  values: RunValues,
  serversUnderTest: readonly ServerUnderTest[],
  rest: RestOfRequest,
  complain: Complain,
): void {
  const urls = urlsAmong(serversUnderTest);
  const { options, command = [] } = words;
  const ofWords = hasOwnServer(options, command) ? [accessInWords(options, command)] : [];
  checkAccess([...urls.map(accessTo), ...ofWords], values, options, complain);
  checkEventOptions(values, options, urls, mayHaveOwnServer(words), complain);
  checkCombinations(values, options, complain);
  for (const [, feature] of features) {
    if (!isKind(feature) || isGiven(feature, values)) feature.refuse?.(values, rest, complain);
  }
}

/** Whether every number of streams and processes that was given is valid. */
const areRead = ({ options }: RunWords, values: RunValues): boolean =>
  (
    ['streams', 'quietStreams', 'slowReaders', 'remainingStreams', 'serverProcesses'] as const
  ).every((name) => !options[name] || values[name] !== undefined);

/** @returns the number of processes of a reference server */
function checkMachine(
  serversUnderTest: readonly ServerUnderTest[],
  {
    load,
    cohorts: { streams, slowReaders, remainingStreams, quietStreamsFor },
    ...rest
  }: { load: Load; cohorts: Cohorts & { streams: number } } & Pick<
    Demand,
    'given' | 'perConnection'
  >,
  limits: MachineLimits,
  complain: Complain,
): number {
  const { roomOf, generator } = kindOf(load);
  const room = roomOf?.(load, streams);
  const others = slowReaders + remainingStreams;
  const isOneClient = generator !== undefined;
  const demand = { streams, room, others, quietStreamsFor, isOneClient, ...rest };
  return checkRoom(serversUnderTest, demand, limits, complain);
}

/**
 * A server's own header overrides the header of all servers.
 *
 * @param http2 for a server that alone has HTTP/2
 */
const withRequest = (
  server: ServerUnderTest,
  request: RequestOptions,
  http2: NonNullable<RequestOptions['http2']>,
): ServerUnderTest =>
  server.kind === 'url'
    ? {
        ...server,
        request: {
          ...request,
          headers: { ...request.headers, ...server.request.headers },
          http2: server.request.http2 ? http2 : request.http2,
        },
      }
    : server;

/** Whether a server of the user is meant, even if it is refused or misspelled. */
const mayHaveOwnServer = ({ servers, options, command = [], lacksServers }: RunWords): boolean =>
  lacksServers === true ||
  hasOwnServer(options, command) ||
  servers.some((name) => !Object.hasOwn(catalog, name));

/** The usual requests of the API, if it is known. */
function apiInWords({ api: mentions }: OptionWords): UsualRequest | undefined {
  const name = mentions?.at(-1);
  const api = typeof name === 'string' ? apiOf(name) : undefined;
  return api && { shown: optionAsTyped('--api', api.name), ...api };
}

/** The requests to all of these servers. */
function readRequestInWords(
  words: RunWords,
  serversUnderTest: readonly ServerUnderTest[],
  complain: Complain,
): StreamRequest {
  const { options, headers, command = [] } = words;
  const urls = urlsAmong(serversUnderTest);
  const isForOwn = mayHaveOwnServer(words);
  return readStreamRequest(
    requestInWords(givenInWords(requestOptions, { ...options, header: headers })),
    {
      servers: urls.map(({ url, request }) => ({ url, headers: request.headers })),
      usual: isForOwn ? apiInWords(options) : undefined,
      withoutEffect: isForOwn ? [] : ['method', 'body', ...connectionOptions],
      startsServer: command.length > 0 || urls.some(({ process }) => process?.kind === 'command'),
      wording: onCommandLine(requestOptions),
      header: headerLine,
      cookie: cookieExample,
    },
    complain,
  );
}

/** @param kind the selected one. If the values select two, `checkCombinations` complains. */
const readLoad = (
  kind: LoadKind | undefined,
  values: OptionValuesByName,
  request: RestOfRequest,
): Load => (kind ? (kind.read(values, request) as Load) : { kind: 'steady' });
