/** Describes requests and event data for plans and comparisons, without values that may be secrets. Pure. */
import { cookiesWithoutSecrets, headersWithoutSecrets } from './command-secrets.ts';
import type { EventOptions } from './event-options.ts';
import { isLocalName } from './local-hosts.ts';
import { usualStreamsPerConnection, type RequestOptions } from './request-options.ts';
import { namesInRequest } from './request-templates.ts';
import { columnsInWords } from './rows.ts';
import { textWithoutSecrets, urlWithoutSecrets } from './secrets.ts';

type Line = readonly [isShown: boolean, name: string, value: string];

/** The properties that change what a server does. */
function mainLines({
  method,
  headers,
  body,
  rows,
  followsRedirects,
  http2,
}: RequestOptions): Line[] {
  const { cookie, ...others } = headers;
  const columns = columnsInWords(Object.keys(rows[0] ?? {}));
  return [
    [method !== 'GET', 'Method', method],
    ...Object.entries(headersWithoutSecrets(others)).map(
      ([name, value]) => [true, `Header ${name}`, value] as const,
    ),
    [cookie !== undefined, 'Cookies', cookiesWithoutSecrets(cookie ?? '')],
    [body !== null, 'Body', `${Buffer.byteLength(body ?? '')} bytes`],
    [rows.length > 0, 'Rows', `${rows.length} (columns ${columns})`],
    [followsRedirects, 'Redirects', 'followed'],
    [http2 !== null, 'Protocol', http2InWords(http2?.streamsPerConnection ?? null)],
  ];
}

/** The server has to verify it. */
const presented = ({ clientCertificate }: RequestOptions): Line => [
  clientCertificate !== null,
  'Client certificate',
  'presented',
];

/** A full handshake costs both sides more. */
const notResumed = ({ resumesTls }: RequestOptions): Line => [
  !resumesTls,
  'TLS sessions',
  'not resumed',
];

const http2InWords = (streamsPerConnection: number | null) =>
  streamsPerConnection === null
    ? `HTTP/2, at most ${usualStreamsPerConnection} streams per connection`
    : `HTTP/2, ${streamsPerConnection} streams per connection`;

const shown = (lines: readonly Line[]) => lines.filter(([isShown]) => isShown);

/** @returns one line for each property that a plain request to an address does not have */
export function describeRequest(request: RequestOptions, url: string): string[] {
  const { ca, socketPath } = request;
  const { hostname } = new URL(url);
  const certificates = ca?.match(/-----BEGIN/g)?.length ?? 0;
  return shown([
    ...mainLines(request),
    [socketPath !== null, 'Unix socket', urlWithoutSecrets(socketPath ?? '')],
    [
      socketPath === null && isLocalName(hostname),
      'Name lookup',
      `${hostname} once for each generator, not for each stream`,
    ],
    [ca !== null, 'Certificates', `${certificates} trusted besides those of Node`],
    [request.acceptsAnyCertificate, 'Certificates', 'any is accepted'],
    presented(request),
    [request.serverName !== null, 'Server name', request.serverName ?? ''],
    notResumed(request),
  ]).map(([, name, value]) => `${name}: ${value}`);
}

/** @returns one line for each value that ssebench reads from the events */
export function describeEvents({ sequence, sequenceOf, stamp, byEvent }: EventOptions): string[] {
  const owner = { stream: ' (each stream has its own)', feed: ' (the same for all streams)' };
  const which = sequenceOf === null ? '' : owner[sequenceOf];
  return [
    ...(sequence === null ? [] : [`Number of an event: ${textWithoutSecrets(sequence)}${which}`]),
    ...(stamp === null ? [] : [`Time of an event: ${textWithoutSecrets(stamp)}`]),
    ...(byEvent ? ['Figures: also for each event name'] : []),
  ];
}

/**
 * The properties of requests that must be equal if two results are compared. The host, the port and
 * the path of the URL are not among them: they belong to the server. Encryption is, because it costs
 * both sides CPU time. A secret counts only with its name, and a body with its size, so another
 * token makes no difference.
 *
 * @returns name → value, in lower case; a plain request has none
 */
export function comparedProperties(url: string, request: RequestOptions): Record<string, string> {
  const { protocol, search = '' } = URL.parse(urlWithoutSecrets(url)) ?? {};
  const parameters = search.slice(1).split('&').toSorted().join('&');
  const templates = namesInRequest(url, request);
  const lines = shown([
    ...mainLines(request),
    [parameters !== '', 'Query', parameters],
    [templates.length > 0, 'Templates', columnsInWords(templates.toSorted())],
    [request.socketPath !== null, 'Connection', 'Unix socket'],
    [protocol === 'https:', 'Encryption', 'TLS'],
    presented(request),
    notResumed(request),
  ]);
  return Object.fromEntries(lines.map(([, name, value]) => [name.toLowerCase(), value]));
}
