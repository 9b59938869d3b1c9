/** How ssebench opens the streams of a URL: everything about a request except its address. Pure. */

/** Headers about the connection, which HTTP/2 does not have (RFC 9113, section 8.2.2). */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The most streams of a connection if no number is given, as in browsers. */
export const usualStreamsPerConnection = 100;

export interface RequestOptions {
  /** The HTTP method, in upper case. */
  method: string;
  /** Names are in lower case. Values may contain templates. */
  headers: Readonly<Record<string, string>>;
  /** May contain templates; `null` sends no body. */
  body: string | null;
  followsRedirects: boolean;
  /** Whether a redirect may lead to any machine; otherwise such a stream fails. */
  mayLeaveMachine: boolean;
  /** The Unix socket to connect to, instead of the host and port of the URL; `null` for none. */
  socketPath: string | null;
  /** Certificates in PEM format to trust besides those of Node; `null` for none. */
  ca: string | null;
  /** Whether any certificate is accepted. */
  acceptsAnyCertificate: boolean;
  /**
   * The certificate that the client presents to the origin of the URL, and its decrypted key, which is
   * secret. Both are in PEM format; `null` for none.
   */
  clientCertificate: { cert: string; key: string } | null;
  /**
   * The name that the handshake of TLS requests, and that the server's certificate must have; `null`
   * for the host of the request.
   */
  serverName: string | null;
  /** Whether a stream resumes the TLS session of an earlier one to the same origin, if it can. */
  resumesTls: boolean;
  /**
   * How many streams share a connection of HTTP/2; `null` for as many as both sides allow, at most
   * 100. `null` instead of the object uses HTTP/1.1.
   */
  http2: { streamsPerConnection: number | null } | null;
  /**
   * Rows for templates: `{{name}}` is the column of the row that belongs to the stream, and `{{i}}`
   * is the number of the stream. Empty if there is no file.
   */
  rows: readonly Readonly<Record<string, string>>[];
}

/** A GET request without any option. */
export const plainRequest: RequestOptions = {
  method: 'GET',
  headers: {},
  body: null,
  followsRedirects: false,
  mayLeaveMachine: false,
  socketPath: null,
  ca: null,
  acceptsAnyCertificate: false,
  clientCertificate: null,
  serverName: null,
  resumesTls: true,
  http2: null,
  rows: [],
};
