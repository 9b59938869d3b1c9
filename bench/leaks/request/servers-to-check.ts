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
}

export function referenceServer(
  name: string,
  { serverProcesses: processes = 1 }: Pick<LeaksValues, 'serverProcesses'>,
): ServerToCheck {
  const { file, waitsForDrain } = catalog[name]!;
  return { name, spec: { kind: 'reference', file, waitsForDrain, processes } };
}

/** A server of the config file, which has a process. */
export function listedServer(
  { name, url, process, request: { headers } }: UrlUnderTest,
  { socketPath }: RequestOptions,
): ServerToCheck {
  const spec: ServerSpec =
    process!.kind === 'pid'
      ? { kind: 'process', pid: process!.pid, url }
      : { ...process!, url, socketPath };
  return { name, spec, headers };
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
