/** Turns the words of `ssebench check` into a request. */
import { visible, type Checked, type Complain } from '../scenario/complaint.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { cookieExample } from '../scenario/cookies.ts';
import { headerLine } from '../scenario/headers.ts';
import type { OptionWords } from '../scenario/option.ts';
import { ownServerInFile, ownServerInWords } from '../scenario/own-servers/read.ts';
import type { OwnServerInFile } from '../scenario/own-servers/schema.ts';
import { requestInWords } from '../scenario/read-request.ts';
import { requestOptions } from '../scenario/request-words.ts';
import type { UrlUnderTest } from '../scenario/scenario.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { readServers } from '../scenario/servers-under-test.ts';
import { whyNoUrl } from '../scenario/urls.ts';
import { givenInWords, onCommandLine } from '../scenario/values.ts';
import { checkOptions } from './options.ts';
import { checkRequest, type CheckRequest, type CheckWording } from './request.ts';

export interface CheckWords {
  /** The words after the command: one URL, or the name of a server in the config file. */
  names: readonly string[];
  /** The words after `--`; empty if the server already runs. */
  command?: readonly string[];
  /** By the names of `checkOptions`, `serverOptions` and `requestOptions`. */
  options: OptionWords;
  /** The servers of the config file, which are checked if no other is given. */
  listed?: readonly string[];
  /** The servers of the user in the config file. */
  ownServers?: readonly OwnServerInFile[];
  /** Whether that file may have more servers, because its list could not be read completely. */
  lacksServers?: boolean;
}

const wording: CheckWording = {
  ...onCommandLine(checkOptions),
  request: { wording: onCommandLine(requestOptions), header: headerLine, cookie: cookieExample },
};

/** @returns the request, or all complaints, each with the option, the value and what to do */
export function readCheckWords(words: CheckWords): Checked<CheckRequest> {
  const complaints: string[] = [];
  const servers = serversIn(words, (complaint) => void complaints.push(complaint));
  return checkRequest(
    {
      servers,
      settings: givenInWords(checkOptions, words.options),
      request: requestInWords(givenInWords(requestOptions, words.options)),
    },
    wording,
    complaints,
  );
}

const example = 'http://127.0.0.1:3000/event';

/** @returns an empty list after a complaint */
function serversIn(words: CheckWords, complain: Complain): UrlUnderTest[] {
  const { names, command = [], options, listed = [], ownServers = [] } = words;
  const { url: urls = [], pid, readyWithin } = options;
  const given = [...names, ...urls.map((mention) => (mention === true ? '--url' : mention))];
  const hasProcess = command.length > 0 || pid !== undefined || readyWithin !== undefined;
  const [name, ...others] = given;
  if (name === undefined && !hasProcess && listed.length > 0) return inFile(words, complain);
  const own = ownServers.find((each) => each.name === name);
  const isInFile = name === undefined ? !hasProcess : !name.includes('://');
  if (words.lacksServers && own === undefined && isInFile) return [];
  const servers = own && !hasProcess ? [ownServerInFile(own, null, complain)] : [];
  const reason = whyNoName(name, own !== undefined);
  if (reason !== undefined) complain(reason);
  for (const each of others) complain(`${shown(each)}: is one too many; check one URL at a time`);
  if (!own || hasProcess) {
    const url = own?.url ?? (reason === undefined ? name! : example);
    const process = { ...(pid && { pid }), ...(readyWithin && { readyWithin }) };
    const server = ownServerInWords({ url: [url], ...process }, command, [], null, complain);
    servers.push(server && own ? withHeadersOf(own, server, complain) : server);
  }
  return reason === undefined && others.length === 0 ? servers.flatMap((each) => each ?? []) : [];
}

/** A server of the file, with another process than there. Its name and its headers remain. */
function withHeadersOf(
  { name, url, headers, at }: OwnServerInFile,
  server: UrlUnderTest,
  complain: Complain,
): UrlUnderTest | undefined {
  const inTheFile = ownServerInFile({ name, url, headers, at }, null, complain);
  return inTheFile && { ...inTheFile, process: server.process };
}

function whyNoName(name: string | undefined, isOwn: boolean): string | undefined {
  if (isOwn) return undefined;
  if (name === undefined)
    return `check: no URL is given; add one, such as ${example}, or list your servers in ssebench.config.ts`;
  const reason = whyNoUrl(name);
  return reason === undefined ? undefined : `${shown(name)}: ${reason}`;
}

/** The servers of the config file, without reference servers, which need no check. */
function inFile({ listed = [], ...file }: CheckWords, complain: Complain): UrlUnderTest[] {
  const complaints: string[] = [];
  const all = readServers(listed, null, (each) => void complaints.push(each), file);
  for (const complaint of complaints) complain(complaint);
  const servers = all.filter((server) => server.kind === 'url');
  if (servers.length === 0 && complaints.length === 0 && !file.lacksServers)
    complain(
      `check: the config file lists only reference servers (${listed.join(', ')}); add your own server, or give a URL, such as ${example}`,
    );
  return servers;
}

/** A word without a protocol may be a part of a header that was not quoted. */
const shown = (word: string): string =>
  visible(
    /^[a-z][a-z0-9+.-]*:\/\//i.test(word)
      ? urlWithoutSecrets(word)
      : wordWithoutSecrets(word, false),
  );
