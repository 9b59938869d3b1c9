/** Finds options of TLS that do not fit together, or not with the URLs. Pure. */
import { whyNoIdentity } from './pem-files.ts';
import type { Wording } from './values.ts';

/** The options of TLS that were given and are valid. */
interface TlsValues {
  ca?: string;
  insecure?: boolean;
  cert?: string;
  key?: string;
  serverName?: string;
  tlsResumption?: boolean;
  follow?: boolean;
}

/** A problem of options that are valid alone, and the option as given. */
export type TogetherCheck = readonly [isWrong: boolean, shown: string | undefined, why: string];

/** @param shownOf an option as given, also if it is invalid; `undefined` if it was not given */
export function tlsChecks(
  values: TlsValues,
  shownOf: (option: keyof TlsValues) => string | undefined,
  servers: readonly { url: string }[],
  { name, example }: Wording,
): TogetherCheck[] {
  const { cert, key } = values;
  const identity = cert !== undefined && key !== undefined ? whyNoIdentity(key, cert) : undefined;
  const areWithoutTls = servers.length > 0 && servers.every(({ url }) => !/^https:/i.test(url));
  const mayReachTls = !areWithoutTls || values.follow === true;
  const noTls = 'the URL has no TLS; use a URL that begins with https://, or leave it out';
  return [
    [values.ca !== undefined && !mayReachTls, shownOf('ca'), noTls],
    [values.insecure === true && !mayReachTls, shownOf('insecure'), noTls],
    [values.tlsResumption === false && !mayReachTls, shownOf('tlsResumption'), noTls],
    [
      values.ca !== undefined && values.insecure === true,
      shownOf('ca'),
      `${name('insecure')} accepts any certificate; leave out one of the two`,
    ],
    // A redirect to https leads to another origin, which these two are not for.
    [cert !== undefined && areWithoutTls, shownOf('cert'), noTls],
    [values.serverName !== undefined && areWithoutTls, shownOf('serverName'), noTls],
    [
      cert !== undefined && shownOf('key') === undefined,
      shownOf('cert'),
      `needs its private key; add ${example('key', 'client.key')}`,
    ],
    [
      key !== undefined && shownOf('cert') === undefined,
      shownOf('key'),
      `needs its certificate; add ${example('cert', 'client.pem')}`,
    ],
    [identity !== undefined, identity && shownOf(identity.option), identity?.why ?? ''],
  ];
}
