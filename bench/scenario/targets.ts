/** What is to be measured: names of reference servers, and URLs. */
import { catalog } from '../../servers/catalog.ts';
import { nearest, visible, type Complain } from './complaint.ts';
import { urlWithoutSecrets } from './secrets.ts';
import type { Target } from './scenario.ts';

/** Reads the names, and complains of every one that cannot be measured. Without names: all reference servers. */
export function readTargets(servers: readonly string[], intervalMs: number | null, complain: Complain): Target[] {
  const names = Object.keys(catalog);
  const targets: Target[] = [];
  for (const typed of servers.length > 0 ? servers : names) {
    const name = urlWithoutSecrets(typed);
    const complainOfIt = (reason: string) => complain(`${visible(name)}: ${reason}`);
    if (targets.some((target) => target.name === name)) complainOfIt('named twice; name it once');
    else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) {
      const reason = whyNoUrl(typed);
      if (reason === undefined) targets.push({ kind: 'url', name, url: typed, intervalMs });
      else complainOfIt(reason);
    } else if (Object.hasOwn(catalog, typed)) targets.push({ kind: 'reference', name, file: catalog[typed]!.file });
    else complainOfIt(`no such server; ${wayOut(typed, names)}`);
  }
  return targets;
}

/** What is wrong with a URL, if anything. */
export function whyNoUrl(text: string): string | undefined {
  if (!/^https?:/i.test(text)) return 'must be a URL that begins with http:// or https://';
  const url = URL.parse(text);
  if (!url || url.port === '0') return 'must have a host and, if any, a port from 1 to 65535, such as http://127.0.0.1:3000/event';
  try {
    decodeURIComponent(`${url.username}:${url.password}`);
    return undefined;
  } catch {
    return 'its user or password has a % that begins no escape of UTF-8; write %25 for a % of its own';
  }
}

/** What may have been meant by the name of a server that there is not. */
function wayOut(name: string, names: readonly string[]): string {
  const [, protocol = 'http', address = ''] = /^(?:(https?):)?\/*(.*)$/i.exec(name.trim()) ?? [];
  const url = `${protocol}://${address}`;
  const likeAddress = /^https?:|^localhost\b|^\[|\/|:\d|\.[a-z]|(\.\d+){3}/i.test(name);
  if (likeAddress && URL.canParse(url)) return `did you mean ${url}?`;
  if (/^\d/.test(name)) return 'npm takes options for itself unless -- stands before them: npm run bench -- --streams 100';
  const meant = nearest(name, names);
  return meant === undefined ? `choose from ${names.join(', ')}, or give a URL` : `did you mean ${meant}?`;
}
