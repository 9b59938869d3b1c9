/** Merges the words of a command line with those of a config file and of a named scenario. */
import { readConfig } from './config.ts';
import { namedScenarios } from './named-scenarios.ts';
import { hasOwnServer } from './own-servers/read.ts';
import { requestSchemas } from './request-config.ts';
import type { RunWords } from './run-words.ts';
import { hasServer } from './servers-of-run.ts';

/** Adds the options of the named scenario, if any. Options given explicitly override them. */
export function withNamedScenario(words: RunWords): RunWords {
  const name = words.options.scenario?.at(-1);
  const scenario =
    typeof name === 'string' && Object.hasOwn(namedScenarios, name)
      ? namedScenarios[name]
      : undefined;
  if (scenario === undefined) return words;
  const { ofUrls = {} } = hasOwnServerAmong(words) ? scenario : {};
  const expected = hasInterval(words)
    ? ofUrls.expect
    : (ofUrls.expectWithoutInterval ?? ofUrls.expect);
  const config = {
    ...scenario.config,
    ...ofUrls.config,
    ...(!startsOwnServers(words) && ofUrls.unlessStarted),
    ...(expected && { expect: [...expected] }),
  };
  const small = measuresOnlyFromOutside(words) ? (ofUrls.small ?? {}) : {};
  const usual = Object.keys(small)
    .filter((option) => words.options[option] === undefined)
    .map((option) => [option, Number(scenario.config[option])] as const);
  const read = readConfig(name as string, { ...config, ...small });
  return { ...withConfig(words, read.words), small: Object.fromEntries(usual) };
}

/**
 * Adds the options of the config file, without those of a named scenario. `--scenario` on the
 * command line replaces every load option in the file. The servers, their requests and `against` of
 * the file remain.
 */
export function withFile(typed: RunWords, file: RunWords): RunWords {
  if (typed.options.scenario === undefined) return withConfig(typed, file);
  const remain = new Set([
    'against',
    'cookie',
    'http2',
    'streamsPerConnection',
    ...Object.keys(requestSchemas),
  ]);
  const options = Object.fromEntries(
    Object.entries(file.options).filter(([name]) => remain.has(name)),
  );
  return withConfig(typed, { ...file, options, expect: [] });
}

/** Whether a URL or another server of the user is measured. */
const hasOwnServerAmong = ({ servers, options, command = [], ownServers = [] }: RunWords) =>
  hasOwnServer(options, command) ||
  servers.some(
    (server) => server.includes('://') || ownServers.some(({ name }) => name === server),
  );

/** Whether the interval of every server of the user is given. */
function hasInterval({ servers, options, command = [], ownServers = [] }: RunWords): boolean {
  if (options.interval !== undefined) return true;
  const named = ownServers.filter(({ name }) => servers.includes(name));
  const others = hasOwnServer(options, command) || servers.some((each) => each.includes('://'));
  return !others && named.every(({ interval }) => interval !== undefined);
}

/** Whether ssebench starts every server of the user, so that it can restart them. */
function startsOwnServers({ servers, options, command = [], ownServers = [] }: RunWords): boolean {
  const named = ownServers.filter(({ name }) => servers.includes(name));
  return (
    (options.url === undefined || command.length > 0) &&
    named.every((server) => server.command !== undefined) &&
    !servers.some((server) => server.includes('://'))
  );
}

/** Whether there are servers of the user only, and ssebench gets to none of their processes. */
function measuresOnlyFromOutside({ servers, options, command = [], ownServers = [] }: RunWords) {
  const isOutside = (name: string) => {
    const own = ownServers.find((server) => server.name === name);
    return own ? own.command === undefined && own.pid === undefined : name.includes('://');
  };
  return (
    (servers.length > 0 || options.url !== undefined) &&
    servers.every(isOutside) &&
    command.length === 0 &&
    options.pid === undefined
  );
}

/** Words of the command line replace words of the file under the same name. */
export function withConfig(
  typed: RunWords,
  { servers, ownServers, lacksServers, options, headers, expect }: RunWords,
): RunWords {
  return {
    ...typed,
    servers: hasServer(typed) ? typed.servers : servers,
    ...(ownServers && { ownServers }),
    ...(lacksServers && { lacksServers }),
    options: {
      ...options,
      ...Object.fromEntries(
        Object.entries(typed.options).filter(([, given]) => given !== undefined),
      ),
    },
    headers: typed.headers.length > 0 ? typed.headers : headers,
    expect: typed.expect.length > 0 ? typed.expect : expect,
  };
}
