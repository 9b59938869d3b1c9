/** The servers of a run: those that are given, and the one that the others are compared with. */
import { catalog } from '../../servers/catalog.ts';
import { optionAsTyped, type Complain } from './complaint.ts';
import { flagOf } from './option.ts';
import { runOptions } from './options.ts';
import { baseName, readBase, withBase } from './own-servers/base.ts';
import { ownServerOptions } from './own-servers/options.ts';
import { hasOwnServer, ownServerInWords } from './own-servers/read.ts';
import type { RunWords } from './run-words.ts';
import type { ServerUnderTest, UrlUnderTest } from './scenario.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { readServers, serverNamed } from './servers-under-test.ts';

/** Whether the words name a server. Otherwise, all reference servers are measured. */
export const hasServer = ({ servers, options, command = [] }: RunWords): boolean =>
  servers.length > 0 || hasOwnServer(options, command);

/** The named servers, and the server of `--url` after them. By default, all reference servers. */
export function readServersUnderTest(
  words: RunWords,
  interval: number | undefined,
  complain: Complain,
): ServerUnderTest[] {
  const { servers, options, command = [], ownServers, lacksServers } = words;
  const intervalMs = interval ?? null;
  if (!hasServer(words))
    return readServers([], intervalMs, complain).filter(
      ({ name }) => interval !== 0 || catalog[name]!.waitsForDrain,
    );
  const named =
    servers.length > 0
      ? readServers(servers, intervalMs, complain, { ownServers, lacksServers })
      : [];
  if (!hasOwnServer(options, command)) return named;
  const own = ownServerInWords(options, command, servers, intervalMs, complain);
  const base = readBase(options, command, complain);
  if (own === undefined) return named;
  const both = withBase(own, base, options, complain);
  const names = [...named, ...both].map(({ name }) => name);
  const twice = both.find(({ name }) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice === undefined) return [...named, ...both];
  complain(
    `${flagOf(ownServerOptions.url)} ${twice.name}: another server of this run has this name; give one of them another name with --name, or leave it out`,
  );
  return named;
}

/** The interval that all servers have; `null` if they differ. */
export const commonInterval = ([first, ...others]: readonly UrlUnderTest[]): number | null =>
  first !== undefined && others.every(({ intervalMs }) => intervalMs === first.intervalMs)
    ? first.intervalMs
    : null;

/** The basis of all frameworks. */
const usualBaseline = 'node-http';

/** @returns the name of the server that the others are compared with; `null` if there are no others */
export function readAgainst(
  words: RunWords,
  typed: string | undefined,
  serversUnderTest: readonly ServerUnderTest[],
  complain: Complain,
): string | null {
  const names = serversUnderTest.map(({ name }) => name);
  const name =
    typed === undefined
      ? hasServer(words)
        ? (names.find((each) => each === baseName && words.options.base !== undefined) ?? names[0])
        : usualBaseline
      : (serverNamed(typed, serversUnderTest)?.name ?? urlWithoutSecrets(typed));
  if (typed !== undefined && !names.includes(name!) && !words.lacksServers) {
    complain(
      `${optionAsTyped(flagOf(runOptions.against), name!)}: not one of the measured servers; choose from ${names.join(', ')}`,
    );
  }
  return names.length > 1 ? name! : null;
}
