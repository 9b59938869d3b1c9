/** Turns the servers of a request into what a check starts or finds. */
import { catalog } from '../../../servers/catalog.ts';
import { usualReadyWithinMs } from '../../scenario/own-servers/options.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import type { UrlUnderTest } from '../../scenario/scenario.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import type { ServerSpec } from '../checked-server/checked-server.ts';
import type { LeaksInput, LeaksValues } from './leaks-input.ts';

export interface ServerToCheck {
  name: string;
  spec: ServerSpec;
  /** Request headers that only this server gets. */
  headers?: Readonly<Record<string, string>>;
  /** Whether this server alone is checked over HTTP/2. */
  isHttp2?: boolean;
}

/** Each client has its own connection, which it closes in the way of its mode. */
export const connectionEach = { streamsPerConnection: 1 } as const;

export function referenceServer(
  name: string,
  { serverProcesses: processes = 1 }: Pick<LeaksValues, 'serverProcesses'>,
): ServerToCheck {
  const { file, waitsForDrain, http2: isHttp2 = false } = catalog[name]!;
  return { name, spec: { kind: 'reference', file, waitsForDrain, processes }, isHttp2 };
}

/** A server of the config file, which has a process. */
export function listedServer(
  { name, url, process, request: { headers, http2 } }: UrlUnderTest,
  { socketPath }: RequestOptions,
): ServerToCheck {
  const spec: ServerSpec =
    process!.kind === 'pid'
      ? { kind: 'process', pid: process!.pid, url }
      : { ...process!, url, socketPath };
  return { name, spec, headers, isHttp2: http2 !== null };
}

/** Must be called only after the URL and the related options have been checked. */
export function ownServer(
  { here, command: [file, ...args] = [], start }: LeaksInput,
  { url = '', pid, readyWithin = usualReadyWithinMs, name = urlWithoutSecrets(url) }: LeaksValues,
  { socketPath }: RequestOptions,
): ServerToCheck {
  if (here) return { name, spec: { kind: 'own', url } };
  if (file === undefined) return { name, spec: { kind: 'process', pid: pid!, url } };
  const command = [file, ...args] as const;
  return {
    name,
    spec: {
      kind: 'command',
      command,
      url,
      socketPath,
      cwd: start?.cwd ?? null,
      env: start?.env ?? {},
      readyWhen: start?.readyWhen ?? null,
      readyWithinMs: readyWithin,
    },
  };
}
