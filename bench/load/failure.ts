/** Why a stream failed: errors of the layers below, under names that stay the same from report to report. */

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'connect timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connect timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'host unreachable',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EMFILE: 'out of file descriptors',
  ENFILE: 'out of file descriptors',
  EADDRNOTAVAIL: 'out of ports',
  UND_ERR_SOCKET: 'closed by the server in mid-stream',
  UND_ERR_HEADERS_OVERFLOW: 'not HTTP',
};

/** @returns the cause of a failure, as reports count it */
export function failureCause(error: Error, hadHeaders: boolean): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_SOCKET' && !hadHeaders) return 'closed before headers';
  if (error.name === 'HTTPParserError') return 'not HTTP';
  return causes[code] ?? (code || error.name);
}
