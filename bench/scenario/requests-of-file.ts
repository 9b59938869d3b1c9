/**
 * The headers, cookies, bodies and other request options of a config file. They may be secret, so
 * they go only to the servers that the file lists. Pure.
 */
import { visible, type Mentions } from './complaint.ts';
import { requestOptions } from './request-words.ts';
import type { RunWords } from './run-words.ts';
import { urlWithoutSecrets } from './secrets.ts';

/** The words of a file for a command line, and what to print about them. */
export interface WordsFor {
  words: RunWords;
  notes: string[];
  complaints: string[];
}

/**
 * Removes the request options of a file if the command line gives another URL. Without URLs of its
 * own, a file has them for every URL.
 *
 * @param names servers of the command line: names and URLs
 * @param mentions the values of `--url`
 * @param file the name of the file, for messages
 */
export function requestsFor(
  names: readonly string[],
  mentions: Mentions = [],
  words: RunWords,
  file: string,
): WordsFor {
  const typed = [...names, ...mentions.filter((mention) => mention !== true)];
  const others = hasRequests(words) ? typed.filter(isElsewhere(words)) : [];
  if (others.length === 0) return { words, notes: [], complaints: [] };
  const shown = others.map((url) => visible(urlWithoutSecrets(url))).join(', ');
  const reason = `the headers and other request options of ${file} go only to the servers that it lists`;
  const own = typed.filter((server) => !others.includes(server));
  if (own.length > 0)
    return {
      words,
      notes: [],
      complaints: [
        `${shown}: is measured together with ${own.map((server) => visible(urlWithoutSecrets(server))).join(', ')}, but ${reason}; add the URL to its servers, or measure it alone`,
      ],
    };
  const options = Object.entries(words.options).filter(([name]) => !isOfRequest(name));
  return {
    words: { ...words, headers: [], options: Object.fromEntries(options) },
    notes: [
      `${shown}: ${reason}; if this URL needs them, give --header, or add the URL to the file.`,
    ],
    complaints: [],
  };
}

const isOfRequest = (name: string) => Object.hasOwn(requestOptions, name);
const hasRequests = ({ headers, options }: RunWords) =>
  headers.length > 0 || Object.keys(options).some(isOfRequest);

/** Whether a server of the command line is a URL of another host or port than those of the file. */
function isElsewhere({ servers, ownServers = [] }: RunWords): (server: string) => boolean {
  const origins = [...servers, ...ownServers.map(({ url }) => url)].flatMap(originOf);
  return (server) => {
    const [origin] = originOf(server);
    return origins.length > 0 && origin !== undefined && !origins.includes(origin);
  };
}

/** Names of servers have none. */
const originOf = (server: string): string[] => {
  const url = server.includes('://') ? URL.parse(server) : null;
  return url ? [url.origin] : [];
};
