/** Translates errors of lower layers into failure causes that stay the same between reports. */
import { maxHeaderSize } from 'node:http';

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
  ENOENT: 'no such socket',
  EPROTO: 'TLS failed',
  UND_ERR_SOCKET: 'closed by the server in mid-stream',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed by the server in mid-stream',
  UND_ERR_HEADERS_OVERFLOW: 'headers too long',
};

/**
 * ssebench offers only HTTP/1.1 in the handshake of TLS. node:https has only the message, and undici
 * also a code.
 */
const noCommonProtocol = /alert no application protocol|^ERR_SSL_TLSV1_ALERT_NO_APPLICATION/;
const refusesHttp1 = ({ code = '', message }: NodeJS.ErrnoException) =>
  noCommonProtocol.test(code) || noCommonProtocol.test(message);

const tlsError = /^ERR_(SSL|TLS)_/;

/**
 * The alerts of TLS by which a server refuses a client (RFC 8446, section 6.2), as OpenSSL names
 * them. If the client has no certificate, a server of TLS 1.2 sends a more general alert.
 */
const clientAlerts: readonly (readonly [alert: RegExp, cause: string, message: string])[] = [
  [
    /alert certificate required/,
    'client certificate required',
    'the server requires a client certificate and got none',
  ],
  [
    /alert (?:bad certificate(?! hash)|unsupported certificate|certificate (?:revoked|expired|unknown)|unknown ca|access denied)/,
    'client certificate refused',
    'the server does not accept the client certificate, or requires one',
  ],
  [
    /alert handshake failure/,
    'TLS failed',
    'the server refused the handshake; it may require a client certificate',
  ],
];
const clientAlertOf = ({ message }: Error) => clientAlerts.find(([alert]) => alert.test(message));
/** Nobody that we trust has signed the certificate, or it is for another host or another time. */
const certificateError = /^(?!ERR_SSL_).*(CERT|SIGNATURE|ISSUER|HOSTNAME|INVALID_CA|CRL)/;
/** The parser's message for a missing last chunk. */
const noLastChunk = 'Invalid EOF state';

/** Responses that undici reports as a closed connection, with the cause and message of ssebench. */
export const switchedProtocols: [cause: string, message: string] = [
  'status 101',
  '101 Switching Protocols, which ssebench did not request',
];
/** As `switchedProtocols`. */
export const unexpectedContinue: [cause: string, message: string] = [
  'status 100',
  '100 Continue, which ssebench did not request',
];
const unexpectedAnswers: Readonly<Record<string, [cause: string, message: string]>> = {
  'bad response': unexpectedContinue,
  'bad upgrade': switchedProtocols,
};

/** @returns the failure cause, as reports count it */
export function failureCause(error: Error, hadHeaders: boolean): string {
  const { code = '', name, message } = error as NodeJS.ErrnoException;
  if (refusesHttp1(error)) return 'HTTP/1.1 refused';
  if (!hadHeaders && code === 'UND_ERR_SOCKET')
    return unexpectedAnswers[message]?.[0] ?? 'closed before headers';
  // undici reports this for any problem in the headers from Content-Length on.
  if (!hadHeaders && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'not HTTP';
  if (name === 'HTTPParserError')
    return message.includes(noLastChunk) ? causes.UND_ERR_SOCKET! : 'not HTTP';
  const alert = clientAlertOf(error);
  if (alert) return alert[1];
  if (certificateError.test(code)) return 'certificate not trusted';
  return causes[code] ?? (tlsError.test(code) ? 'TLS failed' : code || name);
}

/** Details that lower layers may add: the reason (OpenSSL), and the bytes read so far (undici). */
type Detailed = NodeJS.ErrnoException & {
  reason?: unknown;
  socket?: { bytesRead?: number } | null;
};

/** Describes the failure for people. */
export function failureMessage(error: Error): string {
  const { code, message, reason, socket } = error as Detailed;
  if (error instanceof AggregateError)
    return error.errors.map((each: Error) => each.message).join(', ');
  if (refusesHttp1(error)) return 'the server probably accepts only HTTP/2';
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return `more than ${maxHeaderSize / 1024} KiB of headers`;
  if (code === 'UND_ERR_SOCKET')
    return unexpectedAnswers[message]?.[1] ?? `${message}, after ${socket?.bytesRead ?? 0} bytes`;
  if (message.includes(noLastChunk)) return 'the last chunk is missing';
  if (certificateError.test(code ?? ''))
    return (typeof reason === 'string' ? reason : message).split('; if the root CA')[0]!;
  const alert = clientAlertOf(error);
  if (alert) return `${alert[2]} (${alert[0].exec(message)![0]})`;
  return typeof reason === 'string' ? reason : message; // OpenSSL's message is for its developers
}
