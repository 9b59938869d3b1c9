/** Reads the files of TLS, in PEM format: certificates to trust, and what a client presents. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { accepted, refused, type Checked } from './complaint.ts';
import { readGivenFile } from './given-file.ts';
import type { SuchAs } from './option.ts';
import { passphraseVariable } from './passphrase.ts';

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const privateKey = /-----BEGIN ((?:[A-Z]+ )?)PRIVATE KEY-----[^]*?-----END \1PRIVATE KEY-----/;

/** Such as DER or PKCS #12. */
const notText =
  'is not in PEM format; convert it with openssl x509, openssl pkey or openssl pkcs12';

/** Checks a file of certificates. The value is all of them, in PEM format. */
export function checkCertificates(
  what: string,
  example: string,
): (value: unknown, suchAs: SuchAs) => Checked<string> {
  return (value, suchAs) => {
    if (typeof value !== 'string' || value === '')
      return refused(`must be a file with ${what} in PEM format, ${suchAs(example)}`);
    const text = readGivenFile(value, notText);
    if (!text.ok) return text;
    const found = text.value.match(certificate) ?? [];
    if (!found.every(isCertificate))
      return refused('has a damaged certificate; export it again in PEM format');
    return found.length > 0
      ? accepted(found.join('\n'))
      : refused(
          'has no certificate in PEM format, which begins with -----BEGIN CERTIFICATE-----; convert it with openssl x509',
        );
  };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** Checks a file with a private key. The value is the key without encryption, in PEM format. */
export function checkKey(value: unknown, suchAs: SuchAs): Checked<string> {
  if (typeof value !== 'string' || value === '')
    return refused(`must be a file with a private key in PEM format, ${suchAs('client.key')}`);
  const text = readGivenFile(value, notText);
  if (!text.ok) return text;
  const [key] = privateKey.exec(text.value) ?? [];
  if (key === undefined)
    return refused(
      'has no private key in PEM format, which begins with -----BEGIN PRIVATE KEY-----; convert it with openssl pkey',
    );
  const passphrase = process.env[passphraseVariable] ?? '';
  const isEncrypted = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(key);
  if (isEncrypted && passphrase === '')
    return refused(
      `is encrypted, and ${passphraseVariable} is not set in the environment; set it to the passphrase of the key`,
    );
  try {
    const decrypted = createPrivateKey({ key, ...(isEncrypted && { passphrase }) });
    return accepted(decrypted.export({ type: 'pkcs8', format: 'pem' }));
  } catch {
    return refused(
      isEncrypted
        ? `cannot be decrypted with the passphrase in ${passphraseVariable}; correct the passphrase`
        : 'has a damaged private key; export it again in PEM format',
    );
  }
}

/** The name of a file in a message. The content of a key in its place is a typing error. */
export const fileNotKey = (text: string): string =>
  /-----BEGIN|[\r\n]/.test(text) ? 'hidden' : text;

/**
 * Finds out why TLS cannot use a certificate with a key. The first certificate counts, if there are
 * several.
 *
 * @returns the option that is wrong and the reason, or `undefined`
 */
export function whyNoIdentity(
  key: string,
  cert: string,
): { option: 'cert' | 'key'; why: string } | undefined {
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    return {
      option: 'key',
      why: 'does not belong to the certificate; give the key of that certificate',
    };
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    const { reason = 'refused' } = error as { reason?: string };
    return { option: 'cert', why: `OpenSSL refuses it (${reason}); use another certificate` };
  }
}
