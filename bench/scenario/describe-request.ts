/** Describes requests for the plan of a run, without values that may be secrets. Pure. */
import { headersWithoutSecrets } from './command-secrets.ts';
import type { RequestOptions } from './request-options.ts';
import { columnsInWords } from './rows.ts';
import { urlWithoutSecrets } from './secrets.ts';

/** @returns one line for each property that a plain request does not have */
export function describeRequest(request: RequestOptions): string[] {
  const { method, headers, body, rows, ca, socketPath } = request;
  const certificates = ca?.match(/-----BEGIN/g)?.length ?? 0;
  const columns = columnsInWords(Object.keys(rows[0] ?? {}));
  const lines: readonly (readonly [isShown: boolean, line: string])[] = [
    [method !== 'GET', `Method: ${method}`],
    ...Object.entries(headersWithoutSecrets(headers)).map(
      ([name, value]) => [true, `Header: ${name}: ${value}`] as const,
    ),
    [body !== null, `Body: ${Buffer.byteLength(body ?? '')} bytes`],
    [rows.length > 0, `Rows: ${rows.length} (columns ${columns})`],
    [request.followsRedirects, 'Redirects: followed'],
    [socketPath !== null, `Unix socket: ${urlWithoutSecrets(socketPath ?? '')}`],
    [ca !== null, `Certificates: ${certificates} trusted besides those of Node`],
    [request.acceptsAnyCertificate, 'Certificates: any is accepted'],
  ];
  return lines.flatMap(([isShown, line]) => (isShown ? [line] : []));
}
