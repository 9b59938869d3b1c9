/**
 * Turns the words or settings of a check into a request, or reports everything that is wrong with
 * them.
 */
import { accepted, refused, type Checked } from '../scenario/complaint.ts';
import {
  readStreamRequest,
  type GivenRequest,
  type RequestContext,
} from '../scenario/read-request.ts';
import type { OwnProcess, UrlUnderTest } from '../scenario/scenario.ts';
import { checkValues, type Given, type Wording } from '../scenario/values.ts';
import type { EndpointRequest } from './observations.ts';
import { checkOptions } from './options.ts';

/** Input of a check, from a command line or from a program. */
export interface CheckInput {
  /** The servers; without any, there has been a complaint. */
  servers: readonly UrlUnderTest[];
  /** Values of `checkOptions`. */
  settings: readonly Given[];
  request: GivenRequest;
}

/** How the caller's options are written in messages. */
export interface CheckWording extends Wording {
  request: Pick<RequestContext, 'wording' | 'header' | 'cookie'>;
}

/** An endpoint, and the process that serves it; `null` if it is not known. */
export interface EndpointToCheck {
  name: string;
  endpoint: EndpointRequest;
  process: OwnProcess | null;
}

export interface CheckRequest {
  endpoints: EndpointToCheck[];
  failOn: 'error' | 'warning';
}

/** About ten seconds, as a person waits for an answer. */
const usualWatchMs = 10_000;

/**
 * @param before complaints about the servers
 * @returns the request, or all complaints, each with the option, the value and what to do
 */
export function checkRequest(
  { servers, settings, request: given }: CheckInput,
  wording: CheckWording,
  before: readonly string[],
): Checked<CheckRequest> {
  const complaints = [...before];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = checkValues(checkOptions, settings, wording, complain);
  const { request } = readStreamRequest(
    given,
    {
      ...wording.request,
      servers: servers.map(({ url, request: { headers } }) => ({ url, headers })),
      withoutEffect: [],
      startsServer: servers.some(({ process }) => process?.kind === 'command'),
    },
    complain,
  );
  if (complaints.length > 0) return refused(...complaints);
  const endpoints = servers.map(({ name, url, process, request: own }) => ({
    name,
    endpoint: {
      url,
      // A server's own header overrides the header of all servers.
      request: { ...request, headers: { ...request.headers, ...own.headers } },
      origin: values.origin ?? null,
      watchMs: values.watch ?? usualWatchMs,
    },
    process,
  }));
  return accepted({ endpoints, failOn: values.failOn ?? 'error' });
}
