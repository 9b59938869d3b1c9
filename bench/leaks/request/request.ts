/**
 * Turns the words or settings of a check into a request, or reports everything that is wrong with
 * them.
 */
import { accepted, refused, visible, type Checked } from '../../scenario/complaint.ts';
import { isLocal } from '../../scenario/local-hosts.ts';
import {
  connectionOptions,
  readStreamRequest,
  type StreamRequest,
} from '../../scenario/read-request.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import { readServers } from '../../scenario/servers-under-test.ts';
import { checkValues } from '../../scenario/values.ts';
import type { CheckOptions } from './check-options.ts';
import { isGiven, type LeaksInput, type LeaksWording } from './leaks-input.ts';
import { leaksOptions } from './leaks-options.ts';
import { checkMethod, checkOwn, checkProcesses, checkTrace } from './server-complaints.ts';
import { checkOptions } from './read-check-options.ts';
import {
  connectionEach,
  listedServer,
  ownServer,
  referenceServer,
  type ServerToCheck,
} from './servers-to-check.ts';

export interface LeaksRequest {
  servers: ServerToCheck[];
  options: CheckOptions;
}

/** @returns the request, or all complaints; each names the option, the value and what to do */
export function checkLeaksRequest(input: LeaksInput, wording: LeaksWording): Checked<LeaksRequest> {
  const { servers = [], command = [], settings = [] } = input;
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = checkValues(leaksOptions, settings, wording, complain);
  const isOwn =
    input.here ||
    command.length > 0 ||
    (['url', 'pid', 'name'] as const).some((option) => isGiven(input, option));
  if (isOwn) checkOwn(input, wording, complain);
  if (input.trace) checkTrace(input, wording, complain);
  const serversUnderTest = isOwn ? [] : readServers(servers, null, complain, input);
  const listed = serversUnderTest.filter((server) => server.kind === 'url');
  for (const { name, process } of listed) {
    if (process === null)
      complain(
        `${visible(name)}: a URL is not enough, because ssebench inspects the server’s process; write --url ${name} with --pid <pid>, or with -- and the command that starts the server`,
      );
  }
  const read = readStreamRequest(
    input.request,
    {
      ...wording.request,
      servers:
        isOwn && values.url !== undefined
          ? [{ url: values.url, headers: {} }]
          : listed.map(({ url, request: { headers } }) => ({ url, headers })),
      withoutEffect: isOwn || listed.length > 0 ? [] : connectionOptions,
      startsServer: command.length > 0 || listed.some(({ process }) => process?.kind === 'command'),
    },
    complain,
  );
  const request: StreamRequest = {
    ...read,
    request: { ...read.request, http2: values.http2 ? connectionEach : null },
  };
  if (values.http2 && !isOwn && listed.length === 0)
    complain(
      `${wording.name('http2')}: needs your own server, because each reference server has a fixed protocol; check node-http2, or leave it out`,
    );
  if (serversUnderTest.some(({ kind }) => kind === 'reference'))
    checkMethod(input, request.request, complain);
  else if (isOwn || listed.length > 0) checkProcesses(input, complain);
  const urls = listed.map(({ name, url }) => ({ shown: visible(name), url }));
  if (values.url !== undefined)
    urls.push({
      shown: `${wording.name('url')} ${urlWithoutSecrets(values.url)}`,
      url: values.url,
    });
  for (const { shown } of urls.filter((each) => !isLocal({ ...each, ...request })))
    complain(
      `${shown}: is not on this machine, where ssebench inspects the server’s process; give an address of this machine, such as 127.0.0.1`,
    );
  if (complaints.length > 0) return refused(...complaints);
  return accepted({
    servers: isOwn
      ? [ownServer(input, values, request.request)]
      : serversUnderTest.map((server) =>
          server.kind === 'reference'
            ? referenceServer(server.name, values)
            : listedServer(server, request.request),
        ),
    options: checkOptions(input, values, request),
  });
}
