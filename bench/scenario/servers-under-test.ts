/** Selects the servers under test: names of reference servers and of own servers, and URLs. */
import { catalog } from '../../servers/catalog.ts';
import { nearest, visible, type Complain } from './complaint.ts';
import { wordWithoutSecrets } from './command-secrets.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { ownServerInFile } from './own-servers/read.ts';
import type { RunWords } from './run-words.ts';
import { fromOutside, type ServerUnderTest, type UrlUnderTest } from './scenario.ts';
import { whyNoUrl } from './urls.ts';

/** The servers of the user in the config file. */
export type ServersInFile = {
  [Key in 'ownServers' | 'lacksServers']?: RunWords[Key] | undefined;
};

/**
 * Reads the names, and complains about each server that cannot be measured. Without names, it
 * returns all reference servers of HTTP/1.1. URLs that differ only in hidden parts get distinct numbers:
 * `http://host/?impl=hidden (2)`.
 */
export function readServers(
  servers: readonly string[],
  intervalMs: number | null,
  complain: Complain,
  { ownServers = [], lacksServers = false }: ServersInFile = {},
): ServerUnderTest[] {
  const names = Object.keys(catalog);
  const usual = names.filter((name) => !catalog[name]!.http2);
  const serversUnderTest: ServerUnderTest[] = [];
  const seen: { shown: string; request: string }[] = [];
  for (const typed of servers.length > 0 ? servers : usual) {
    const [shown, request] = [urlWithoutSecrets(typed), requestOf(typed)];
    const alike = seen.filter((each) => each.shown === shown);
    const name = alike.length === 0 ? shown : `${shown} (${alike.length + 1})`;
    seen.push({ shown, request });
    const complainOfIt = (reason: string) => complain(`${visible(name)}: ${reason}`);
    const own = ownServers.find((each) => each.name === typed);
    if (alike.some((each) => each.request === request))
      complain(`${visible(shown)}: given twice; give it once`);
    else if (own) {
      const server = ownServerInFile(own, intervalMs, complain);
      if (server) serversUnderTest.push(server);
    } else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) {
      const reason = whyNoUrl(typed);
      if (reason === undefined) serversUnderTest.push(fromOutside(name, typed, intervalMs));
      else complainOfIt(reason);
    } else if (Object.hasOwn(catalog, typed))
      serversUnderTest.push({ kind: 'reference', name, file: catalog[typed]!.file });
    else if (!lacksServers) {
      const suggestion = suggestionFor(typed, [...names, ...ownServers.map((each) => each.name)]);
      complain(
        `${visible(wordWithoutSecrets(name, suggestion.startsWith('did you mean') || likeScript.test(typed)))}: no such server; ${suggestion}`,
      );
    }
  }
  return serversUnderTest;
}

/** The URL without its fragment, which is not sent to a server. */
function requestOf(typed: string): string {
  const url = URL.parse(typed);
  if (url) url.hash = '';
  return url?.href ?? typed;
}

/** Finds the server by a name or a URL. If shown names are equal, the hidden parts decide. */
export function serverNamed(
  typed: string,
  serversUnderTest: readonly ServerUnderTest[],
): ServerUnderTest | undefined {
  const byUrl = serversUnderTest.find(
    (serverUnderTest) =>
      serverUnderTest.kind === 'url' && requestOf(serverUnderTest.url) === requestOf(typed),
  );
  const byName = (shown: string) => serversUnderTest.find(({ name }) => name === shown);
  return byUrl ?? byName(typed) ?? byName(urlWithoutSecrets(typed));
}

/** Whether a URL leads to this machine through its loopback network. */
export const isOnThisMachine = ({ hostname }: Pick<URL, 'hostname'>): boolean =>
  /^(127\.[\d.]+|\[::1\]|localhost)$/.test(hostname);

/** Whether the server certainly runs on this machine, so that its stamps are those of our clock. */
export const hasOurClock = ({ url, request }: Pick<UrlUnderTest, 'url' | 'request'>): boolean =>
  (request.socketPath !== null || isOnThisMachine(new URL(url))) &&
  !(request.followsRedirects && request.mayLeaveMachine);

/** The script of a command. npm passes on a command without the `--` before it. */
const likeScript = /^[^:]+\.([cm]?[jt]sx?|py|rb|php)$/;

/** Suggests what an unknown server name may mean. */
function suggestionFor(name: string, names: readonly string[]): string {
  if (likeScript.test(name))
    return 'a command belongs after --, such as --url http://127.0.0.1:3000/event -- node server.js; npm takes the first -- for itself, so npm run needs one more';
  const [, protocol = 'http', address = ''] = /^(?:(https?):)?\/*(.*)$/i.exec(name.trim()) ?? [];
  const url = `${protocol}://${address}`;
  const likeAddress = /^https?:|^localhost\b|^\[|\/|:\d|\.[a-z]|(\.\d+){3}/i.test(name);
  if (likeAddress && URL.canParse(url)) return `did you mean ${urlWithoutSecrets(url)}?`;
  if (/^\d/.test(name))
    return 'npm passes on only the options after --, such as npm run bench -- --streams 100';
  const meant = nearest(name, names);
  return meant === undefined
    ? `choose from ${names.join(', ')}, or give a URL`
    : `did you mean ${meant}?`;
}

/** The port of a URL, which may be the default port of its protocol. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
