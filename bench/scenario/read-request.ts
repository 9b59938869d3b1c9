/**
 * Turns the options that describe requests into `RequestOptions`, and complains about those that do
 * not fit together.
 */
import { tlsChecks, type TogetherCheck } from './check-tls.ts';
import { accepted, complaintsOf, refused, type Checked, type Complain } from './complaint.ts';
import { checkCookies, cookiesInProgram, cookiesInWords } from './cookies.ts';
import { bodyOf, type GivenPair } from './given-text.ts';
import { checkHeaders, headersInProgram, headersInWords } from './headers.ts';
import type { OptionValues } from './option.ts';
import type { RequestOptions } from './request-options.ts';
import { bodyFormat, namesIn, numberName } from './templates.ts';
import { checkTemplates, type ServerToRequest } from './check-templates.ts';
import { requestOptions, whyNoSocket, type RequestOption } from './request-words.ts';
import { checkValues, givenInProgram, inProgram, type Given, type Wording } from './values.ts';

/** The options of requests as given, from a command line or a program. */
export interface GivenRequest {
  settings: readonly Given[];
  headers: readonly GivenPair[];
  cookies: readonly GivenPair[];
  /** `undefined` if not given. */
  body: { text: Checked<string>; shown: string } | undefined;
}

/** Settings of a program; texts are sent unchanged. */
export interface RequestSettings {
  /** HTTP method (default: GET; with a body: POST). */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  cookies?: Readonly<Record<string, string>>;
  /** A text is sent unchanged, and any other value as JSON. */
  body?: unknown;
  /** Rows for templates `{{column}}`, one for each stream; or a CSV or JSONL file of them. */
  rows?: string | readonly Readonly<Record<string, string | number | boolean>>[];
  /** Whether to follow redirects. */
  follow?: boolean;
  /** A Unix socket to connect to, instead of the host and port of the URL. */
  unixSocket?: string;
  /** A file with certificates to trust, in PEM format. */
  ca?: string;
  /** Whether to accept any certificate. */
  insecure?: boolean;
  /** A file with the certificate that clients present, in PEM format. */
  cert?: string;
  /**
   * A file with its private key, in PEM format. If the key is encrypted, the environment variable
   * SSEBENCH_KEY_PASSPHRASE has the passphrase.
   */
  key?: string;
  /** The name to request in the handshake of TLS (SNI), instead of the host of the URL. */
  serverName?: string;
  /** Whether streams resume the TLS sessions of earlier ones (default: true). */
  tlsResumption?: boolean;
}

const { header: _header, cookie: _cookie, body: _body, ...checkedOptions } = requestOptions;
type Values = OptionValues<typeof checkedOptions>;

export function requestInWords(given: readonly Given[]): GivenRequest {
  const of = (name: RequestOption) => given.filter(({ option }) => option === name);
  const body = of('body').at(-1);
  return {
    settings: given.filter(({ option }) => Object.hasOwn(checkedOptions, option)),
    headers: of('header').flatMap(headersInWords),
    cookies: of('cookie').flatMap(cookiesInWords),
    body: body && {
      text:
        body.value === ''
          ? refused(
              'must be a text, or @ and the name of a file, such as --body \'{"topic":"news"}\'',
            )
          : bodyOf(String(body.value)),
      shown: body.shown,
    },
  };
}

export const requestInProgram = ({
  headers = {},
  cookies = {},
  body,
  ...settings
}: RequestSettings): GivenRequest => ({
  settings: givenInProgram(checkedOptions, { ...settings }),
  headers: headersInProgram(headers),
  cookies: cookiesInProgram(cookies),
  body: body === undefined ? undefined : { text: textOf(body), shown: 'body hidden' },
});

function textOf(body: unknown): Checked<string> {
  if (typeof body === 'string') return accepted(body);
  try {
    const text = JSON.stringify(body) as string | undefined;
    if (text !== undefined) return accepted(text);
  } catch {} // a BigInt, or a circular structure
  return refused("must be a text or JSON, such as body: { topic: 'news' }");
}

/** How complaints about these settings are worded. */
export const requestWordingInProgram: Pick<RequestContext, 'wording' | 'header' | 'cookie'> = {
  wording: inProgram,
  header:
    'must be a name without spaces, and a value of Latin letters in one line, ' +
    "such as headers: { Authorization: 'Bearer abc' }",
  cookie: "cookies: { session: 'abc' }",
};

/** The names of these settings. */
export const requestSettingNames = Object.keys(requestOptions).map(
  (name) => ({ header: 'headers', cookie: 'cookies' })[name] ?? name,
);

export interface StreamRequest {
  request: RequestOptions;
  /** Whether the method follows from an option, so that every request has it. */
  hasOwnMethod: boolean;
}

/** An API of answers: what requests are like unless the options say otherwise. */
export interface UsualRequest {
  /** The option that selects it, as typed. */
  shown: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  /** A template that needs rows; `null` if there is no body. */
  body: string | null;
}

/** The surroundings that the options are checked against. */
export interface RequestContext {
  /** The API of the servers under test; absent if the requests are those of the options only. */
  usual?: UsualRequest | undefined;
  /** The valid servers under test; without any, nothing is checked against them. */
  servers: readonly ServerToRequest[];
  /** Options that have no effect, because only reference servers are under test. */
  withoutEffect: readonly RequestOption[];
  /** Whether a command starts the server, and may create the Unix socket. */
  startsServer: boolean;
  wording: Wording;
  /** The requirement for a header, for complaints. */
  header: string;
  /** A cookie as the user would write it. */
  cookie: string;
}

/** @returns the request, which is meaningless after a complaint */
export function readStreamRequest(
  given: GivenRequest,
  context: RequestContext,
  complain: Complain,
): StreamRequest {
  const { wording, usual } = context;
  const values = checkValues(checkedOptions, given.settings, wording, complain);
  const headers = checkHeaders(given.headers, context.header);
  const cookies = checkCookies(given.cookies, context.cookie, complain);
  const body = given.body ?? usualBody(given, context, complain);
  for (const complaint of complaintsOf(headers)) complain(complaint);
  for (const reason of complaintsOf(...(body ? [body.text] : [])))
    complain(`${body!.shown}: ${reason}`);
  const request: RequestOptions = {
    method: values.method ?? usual?.method ?? (body ? 'POST' : 'GET'),
    headers: { ...usual?.headers, ...(headers.ok && headers.value) },
    body: body?.text.ok ? body.text.value : null,
    followsRedirects: values.follow ?? false,
    mayLeaveMachine: false,
    socketPath: values.unixSocket ?? null,
    ca: values.ca ?? null,
    acceptsAnyCertificate: values.insecure ?? false,
    clientCertificate:
      values.cert !== undefined && values.key !== undefined
        ? { cert: values.cert, key: values.key }
        : null,
    serverName: values.serverName ?? null,
    resumesTls: values.tlsResumption ?? true,
    http2: null,
    rows: values.rows ?? [],
  };
  checkTogether({ ...given, body }, values, request, context, complain);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const complete: RequestOptions = {
    ...request,
    headers: { ...request.headers, ...(cookie !== '' && { cookie }) },
  };
  checkTemplates(
    {
      servers: context.servers,
      headers: given.headers.filter(({ reasons }) => reasons === undefined),
      cookies,
      body: body && request.body !== null ? { shown: body.shown, text: request.body } : undefined,
      request: complete,
    },
    shownOf(given, 'rows'),
    wording.example('rows', 'users.csv'),
    complain,
  );
  return {
    request: complete,
    hasOwnMethod: values.method !== undefined || body !== undefined || usual !== undefined,
  };
}

/**
 * The body of an API, which takes its words from rows. Without rows, the body is missing.
 *
 * @returns `undefined` if there is none
 */
function usualBody(
  { settings }: GivenRequest,
  { usual, wording }: RequestContext,
  complain: Complain,
): GivenRequest['body'] {
  if (!usual || usual.body === null) return undefined;
  const { shown, body } = usual;
  if (settings.some(({ option }) => option === 'rows')) return { text: accepted(body), shown };
  const columns = namesIn(body).filter((name) => name !== numberName);
  complain(
    `${shown}: its requests need a body; give ${wording.example('body', '@request.json')}, or ${wording.example('rows', 'prompts.csv')} with the columns ${columns.join(' and ')}`,
  );
  return undefined;
}

/** Options about the connection to a user's own server; reference servers need none of them. */
export const connectionOptions = [
  'rows',
  'follow',
  'unixSocket',
  'ca',
  'insecure',
  'cert',
  'key',
  'serverName',
  'tlsResumption',
] as const;

/** An option as given; `undefined` if it was not. */
const shownOf = ({ settings }: GivenRequest, name: RequestOption): string | undefined =>
  settings.findLast(({ option }) => option === name)?.shown;

/** Complains about options that are valid alone but not together, or not for these URLs. */
function checkTogether(
  given: GivenRequest,
  values: Values,
  request: RequestOptions,
  { servers, withoutEffect, startsServer, wording }: RequestContext,
  complain: Complain,
): void {
  const { body, cookies } = given;
  const { method, headers } = request;
  const socketReason =
    values.unixSocket === undefined || startsServer ? undefined : whyNoSocket(values.unixSocket);
  const cookieHeader = given.headers.find(({ name }) => name.toLowerCase() === 'cookie');
  const checks: readonly TogetherCheck[] = [
    [
      body !== undefined && method === 'GET',
      body?.shown,
      `a GET request has no body; leave out ${wording.example('method', 'GET')}, or use ${wording.example('method', 'POST')}`,
    ],
    [
      isBrokenJson(request),
      body?.shown,
      'begins like JSON, but is not valid JSON; correct it, or give its type in a header, such as Content-Type: text/plain',
    ],
    [
      cookies.length > 0 && headers.cookie !== undefined,
      cookieHeader?.shown,
      `does not combine with ${wording.name('cookie')}, which makes the same header; leave out one of the two`,
    ],
    ...tlsChecks(values, (name) => shownOf(given, name), servers, wording),
    [socketReason !== undefined, shownOf(given, 'unixSocket'), socketReason ?? ''],
  ];
  for (const name of withoutEffect) {
    const shown = name === 'body' ? body?.shown : shownOf(given, name);
    if (shown !== undefined)
      complain(
        `${shown}: needs your own server, because it has no effect on reference servers; give the URL of your server, or leave it out`,
      );
  }
  for (const [isWrong, shown, why] of checks) if (isWrong) complain(`${shown}: ${why}`);
}

/** A typing error would otherwise turn JSON into plain text, which the server would refuse. */
const isBrokenJson = ({ body, headers }: RequestOptions): boolean =>
  body !== null &&
  /^\s*(\[|\{(?!\{))/.test(body) &&
  bodyFormat(body, headers['content-type']) === 'text' &&
  headers['content-type'] === undefined;
