/** Options of TLS that are refused before anything starts. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { selfSigned } from '../tests/fixtures/helpers/certificate.ts';
import { cookieExample } from './cookies.ts';
import { describeRequest } from './describe-request.ts';
import { headerLine } from './headers.ts';
import type { OptionWords } from './option.ts';
import { readStreamRequest, requestInProgram, requestInWords } from './read-request.ts';
import { requestOptions } from './request-words.ts';
import { givenInWords, inProgram, onCommandLine } from './values.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const path = (name: string) => join(folder, name);
const { key, cert } = selfSigned();
const other = selfSigned();
const weak = selfSigned('weak', generateKeyPairSync('rsa', { modulusLength: 512 }));
const passphrase = 's3cret phrase';
const encrypted = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase,
});
const files = {
  'client.pem': cert,
  'chain.pem': `${cert}\n${other.cert}`,
  'client.key': key,
  'both.pem': `${cert}\n${key}`,
  'other.key': other.key,
  'weak.pem': weak.cert,
  'weak.key': weak.key,
  'encrypted.key': encrypted,
  'damaged.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  'client.der': new Uint8Array([0x30, 0x82, 0xff, 0xfe]),
};

beforeAll(() => {
  for (const [name, content] of Object.entries(files)) writeFileSync(path(name), content);
});
beforeEach(() => vi.stubEnv('SSEBENCH_KEY_PASSPHRASE', undefined));
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const https = 'https://127.0.0.1:3000/event';

function read(given: OptionWords | object, url = https, isProgram = false) {
  const complaints: string[] = [];
  const { request } = readStreamRequest(
    isProgram
      ? requestInProgram(given)
      : requestInWords(givenInWords(requestOptions, given as OptionWords)),
    {
      servers: [{ url, headers: {} }],
      withoutEffect: [],
      startsServer: false,
      wording: isProgram ? inProgram : onCommandLine(requestOptions),
      header: headerLine,
      cookie: cookieExample,
    },
    (complaint) => void complaints.push(complaint.replaceAll(`${folder}/`, '')),
  );
  return { request, complaints };
}
const pair = (certName: string, keyName: string): OptionWords => ({
  cert: [path(certName)],
  key: [path(keyName)],
});

describe('a client certificate', () => {
  const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' });

  test.each([
    ['client.pem', 'client.key'],
    ['chain.pem', 'client.key'],
    ['both.pem', 'both.pem'],
  ])('from %s and %s', (certName, keyName) => {
    const { request, complaints } = read(pair(certName, keyName));
    expect(complaints).toEqual([]);
    expect(request.clientCertificate).toMatchObject({ key: pkcs8 });
    expect(request.clientCertificate!.cert).toContain(cert.trim());
    expect(describeRequest(request, https)).toEqual(['Client certificate: presented']);
  });

  test('with an encrypted key is decrypted once', () => {
    vi.stubEnv('SSEBENCH_KEY_PASSPHRASE', passphrase);
    const { request, complaints } = read(pair('client.pem', 'encrypted.key'));
    expect(complaints).toEqual([]);
    expect(request.clientCertificate).toMatchObject({ key: pkcs8 });
  });

  test('is a setting of programs too', () =>
    expect(
      read({ cert: path('client.pem'), key: path('client.key'), serverName: 'a.b' }, https, true),
    ).toMatchObject({
      complaints: [],
      request: { clientCertificate: { key: pkcs8 }, serverName: 'a.b' },
    }));
});

const noPem = 'is not in PEM format; convert it with openssl x509, openssl pkey or openssl pkcs12';
const noTls = 'the URL has no TLS; use a URL that begins with https://, or leave it out';

test.each([
  [{ tlsResumption: [true] }, false, false],
  [{}, false, true],
  [{ tlsResumption: false }, true, false],
  [{ tlsResumption: true }, true, true],
] as const)('sessions with %j are resumed (program: %j): %j', (given, isProgram, resumesTls) =>
  expect(read(given, https, isProgram)).toMatchObject({ complaints: [], request: { resumesTls } }),
);

describe('is refused:', () => {
  test.each<[string, OptionWords, string[]]>([
    [
      'files that do not exist',
      pair('nowhere.pem', 'nowhere.key'),
      [
        '--cert nowhere.pem: no such file; check the path',
        '--key nowhere.key: no such file; check the path',
      ],
    ],
    [
      'binary files',
      pair('client.der', 'client.der'),
      [`--cert client.der: ${noPem}`, `--key client.der: ${noPem}`],
    ],
    [
      'files for each other',
      pair('client.key', 'client.pem'),
      [
        '--cert client.key: has no certificate in PEM format, which begins with -----BEGIN CERTIFICATE-----; convert it with openssl x509',
        '--key client.pem: has no private key in PEM format, which begins with -----BEGIN PRIVATE KEY-----; convert it with openssl pkey',
      ],
    ],
    [
      'a damaged key',
      pair('client.pem', 'damaged.key'),
      ['--key damaged.key: has a damaged private key; export it again in PEM format'],
    ],
    [
      'a key of another certificate',
      pair('client.pem', 'other.key'),
      ['--key other.key: does not belong to the certificate; give the key of that certificate'],
    ],
    [
      'a certificate whose key is too short',
      pair('weak.pem', 'weak.key'),
      ['--cert weak.pem: OpenSSL refuses it (ee key too small); use another certificate'],
    ],
    [
      'a certificate without a key',
      { cert: [path('client.pem')] },
      ['--cert client.pem: needs its private key; add --key client.key'],
    ],
    [
      'a key without a certificate',
      { key: [path('client.key')] },
      ['--key client.key: needs its certificate; add --cert client.pem'],
    ],
    [
      'an encrypted key without a passphrase',
      pair('client.pem', 'encrypted.key'),
      [
        '--key encrypted.key: is encrypted, and SSEBENCH_KEY_PASSPHRASE is not set in the environment; set it to the passphrase of the key',
      ],
    ],
    [
      'names that TLS cannot request',
      { serverName: ['127.0.0.1', 'a b', 'https://a.b', ''] },
      [
        '--server-name 127.0.0.1: is an address, which a handshake of TLS cannot name; give a host name, such as --server-name example.com',
        ...['a b', 'https://a.b', "''"].map(
          (name) => `--server-name ${name}: must be a host name, such as --server-name example.com`,
        ),
      ],
    ],
    [
      'the content of a key',
      { key: [key], cert: [''] },
      [
        "--cert '': must be a file with a certificate in PEM format, such as --cert client.pem",
        '--key hidden: no such file; check the path',
      ],
    ],
  ])('%s', (_what, words, complaints) =>
    expect(read(words).complaints.toSorted()).toEqual(complaints.toSorted()),
  );

  test('an encrypted key with another passphrase', () => {
    vi.stubEnv('SSEBENCH_KEY_PASSPHRASE', 'wrong s3cret');
    expect(read(pair('client.pem', 'encrypted.key')).complaints).toEqual([
      '--key encrypted.key: cannot be decrypted with the passphrase in SSEBENCH_KEY_PASSPHRASE; correct the passphrase',
    ]);
  });

  test('resumption for http', () =>
    expect(read({ tlsResumption: [true] }, 'http://127.0.0.1:3000/event').complaints).toEqual([
      `--no-tls-resumption: ${noTls}`,
    ]));

  test.each([{}, { follow: [true as const] }])('TLS for http: %j', (more) =>
    expect(
      read(
        { ...pair('client.pem', 'client.key'), serverName: ['a.b'], ...more } as OptionWords,
        'http://127.0.0.1:3000/event',
      ).complaints,
    ).toEqual([`--cert client.pem: ${noTls}`, `--server-name a.b: ${noTls}`]),
  );
});
