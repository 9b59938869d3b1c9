/**
 * The options that describe the requests to a user's own server. `run`, `leaks`, the config file and
 * `findLeaks` have the same ones.
 */
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { accepted, refused, type Checked } from './complaint.ts';
import {
  bodyWithoutSecrets,
  cookiesWithoutSecrets,
  headerLineWithoutSecrets,
} from './command-secrets.ts';
import { readGivenFile } from './given-file.ts';
import { isToken } from './headers.ts';
import type { NamedOption, SuchAs } from './option.ts';
import { passphraseVariable } from './passphrase.ts';
import { checkCertificates, checkKey, fileNotKey } from './pem-files.ts';
import { readRows, rowOf, shortened } from './rows.ts';
import type { Row } from './templates.ts';

/** Texts are read later, by `stream-request.ts`: their meaning depends on their source. */
const asGiven = { check: (value: unknown): Checked<unknown> => accepted(value) };
const isSwitch = {
  parse: () => true,
  check: (value: unknown): Checked<boolean> =>
    typeof value === 'boolean' ? accepted(value) : refused('must be true or false'),
};

export const requestOptions = {
  method: {
    flags: '--method [name]',
    about: 'HTTP method, such as POST (default: GET; with --body: POST)',
    check: checkMethod,
  },
  header: {
    flags: '--header [line]',
    about: "such as 'Authorization: Bearer $TOKEN', or @file; repeatable",
    shown: headerLineWithoutSecrets,
    ...asGiven,
  },
  cookie: {
    flags: '--cookie [pair]',
    about: "a cookie, such as 'session=$SESSION'; repeatable",
    shown: cookiesWithoutSecrets,
    ...asGiven,
  },
  body: {
    flags: '--body [text]',
    about: 'the body of each request: text, JSON, or @file',
    shown: bodyWithoutSecrets,
    ...asGiven,
  },
  rows: {
    flags: '--rows [file]',
    about: 'CSV or JSONL file: values of {{column}} in URL, headers and body',
    check: checkRows,
  },
  follow: { flags: '--follow', about: 'follow redirects', ...isSwitch },
  unixSocket: {
    flags: '--unix-socket [path]',
    about: 'connect to this Unix socket instead of the host and port of the URL',
    check: checkSocket,
  },
  ca: {
    flags: '--ca [file]',
    about: 'also trust the certificates in this file (PEM)',
    check: checkCertificates('certificates', 'ca.pem'),
  },
  insecure: { flags: '--insecure', about: 'accept any certificate', ...isSwitch },
  cert: {
    flags: '--cert [file]',
    about: 'the certificate that clients present, with its chain (PEM)',
    shown: fileNotKey,
    check: checkCertificates('a certificate', 'client.pem'),
  },
  key: {
    flags: '--key [file]',
    about: `its private key (PEM); passphrase in $${passphraseVariable}`,
    shown: fileNotKey,
    check: checkKey,
  },
  serverName: {
    flags: '--server-name [name]',
    about: 'request this name in the TLS handshake (SNI), not the host',
    check: checkServerName,
  },
  tlsResumption: {
    ...isSwitch,
    flags: '--no-tls-resumption',
    about: 'a full TLS handshake for every stream (default: they resume sessions)',
    parse: () => false,
  },
} satisfies Record<string, NamedOption<unknown>>;

export type RequestOption = keyof typeof requestOptions;

/** Methods that cannot open a stream, and why. */
const withoutStream: Readonly<Record<string, string>> = {
  HEAD: 'its response has no body, so it has no stream',
  CONNECT: 'it opens a tunnel and no stream',
  TRACE: 'its response only repeats the request',
};

function checkMethod(value: unknown, suchAs: SuchAs): Checked<string> {
  const method = String(value).toUpperCase();
  if (!isToken(method)) return refused(`must be the name of an HTTP method, ${suchAs('POST')}`);
  const reason = withoutStream[method];
  return reason === undefined
    ? accepted(method)
    : refused(`${reason}; use GET or POST, or leave it out`);
}

/** Checks a file, or rows of a program. */
function checkRows(value: unknown, suchAs: SuchAs): Checked<Row[]> {
  if (Array.isArray(value)) {
    const rows = value.map(rowOf);
    const complaints = rows.flatMap((row, index) =>
      row.ok ? [] : row.complaints.map((why) => `row ${index + 1}: ${why}`),
    );
    if (rows.length === 0) return refused('has no rows; add one, or leave it out');
    return complaints.length > 0
      ? refused(...shortened(complaints))
      : accepted(rows.flatMap((row) => (row.ok ? [row.value] : [])));
  }
  if (typeof value !== 'string' || value === '')
    return refused(`must be a CSV or JSONL file, ${suchAs('users.csv')}`);
  const text = readGivenFile(value);
  return text.ok ? readRows(text.value) : text;
}

/** Whether there is a socket is checked later: a command may create it. */
function checkSocket(value: unknown, suchAs: SuchAs): Checked<string> {
  if (typeof value !== 'string' || value === '' || value.includes('\0'))
    return refused(`must be the path of a Unix socket, ${suchAs('/run/app.sock')}`);
  const most = 107; // sun_path of Linux, without its end
  return Buffer.byteLength(value) > most
    ? refused(`is longer than ${most} bytes, which the system does not allow; use a shorter path`)
    : accepted(value);
}

/** @returns why a path leads to no Unix socket, or `undefined` */
export function whyNoSocket(path: string): string | undefined {
  try {
    return statSync(path).isSocket()
      ? undefined
      : 'is not a Unix socket; give the path that the server listens on';
  } catch {
    return 'no such socket; start the server, or check the path';
  }
}

/** The labels of a host name: RFC 952 and 1123, and underscores, which occur. */
const hostName =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

function checkServerName(value: unknown, suchAs: SuchAs): Checked<string> {
  const name = typeof value === 'string' ? value : '';
  if (isIP(name) !== 0)
    return refused(
      `is an address, which a handshake of TLS cannot name; give a host name, ${suchAs('example.com')}`,
    );
  return hostName.test(name)
    ? accepted(name)
    : refused(`must be a host name, ${suchAs('example.com')}`);
}
