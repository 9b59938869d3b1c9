/**
 * Which servers are measured over HTTP/2, what it does not combine with, and how many connections it
 * needs. Pure.
 */
import { catalog } from '../../servers/catalog.ts';
import { asTyped } from './combinations.ts';
import type { Complain } from './complaint.ts';
import { flagOf, type OptionValues, type OptionWords } from './option.ts';
import { runOptions } from './options.ts';
import {
  connectionHeaders,
  usualStreamsPerConnection,
  type RequestOptions,
} from './request-options.ts';
import type { ServerUnderTest } from './scenario.ts';

type Values = OptionValues<typeof runOptions>;

/** Whether streams of the server share connections of HTTP/2. */
export const usesHttp2 = (server: ServerUnderTest): boolean =>
  server.kind === 'url' ? server.request.http2 !== null : isHttp2Reference(server.name);

/** Whether a reference server speaks only HTTP/2. */
export const isHttp2Reference = (name: string): boolean => catalog[name]?.http2 === true;

/** The most streams that share a connection; 1 over HTTP/1.1. */
export const streamsPerConnection = ({ http2 }: Pick<RequestOptions, 'http2'>): number =>
  http2 ? (http2.streamsPerConnection ?? usualStreamsPerConnection) : 1;

/** The same for all servers of a run: the fewest. */
export const leastStreamsPerConnection = (
  serversUnderTest: readonly ServerUnderTest[],
  { streamsPerConnection: given = usualStreamsPerConnection }: Values,
): number => (serversUnderTest.length > 0 && serversUnderTest.every(usesHttp2) ? given : 1);

/**
 * Complains about options that have no effect without HTTP/2, or that do not combine with it.
 *
 * @param headers of the requests to all servers
 */
export function checkHttp2(
  serversUnderTest: readonly ServerUnderTest[],
  headers: Readonly<Record<string, string>>,
  values: Values,
  words: OptionWords,
  complain: Complain,
): void {
  const those = serversUnderTest.filter(usesHttp2);
  const http2 = flagOf(runOptions.http2);
  const [first] = those;
  if (values.streamsPerConnection !== undefined && !first && !values.http2)
    complain(
      `${asTyped(words, 'streamsPerConnection')}: has no effect without HTTP/2; add ${http2}, or leave it out`,
    );
  if (values.http2 && !serversUnderTest.some(({ kind }) => kind === 'url'))
    complain(
      `${http2}: needs your own server, because each reference server has a fixed protocol; use node-http2, or leave it out`,
    );
  if (!first) return;
  const why = first.kind === 'url' && values.http2 ? http2 : first.name;
  if (values.transport !== undefined && those.length === serversUnderTest.length)
    complain(
      `${asTyped(words, 'transport')}: has no effect on HTTP/2 (${why}), which node:http2 reads; leave it out`,
    );
  for (const option of ['grace', 'eventsEach'] as const)
    if (values[option])
      complain(
        `${asTyped(words, option)}: its clients speak only HTTP/1.1, and ${why} is for HTTP/2; leave out one of the two`,
      );
  for (const name of Object.keys(headers))
    if (connectionHeaders.has(name))
      complain(
        `--header ${name}: HTTP/2 (${why}) has no such header, because it describes a connection of HTTP/1.1; leave it out`,
      );
}
