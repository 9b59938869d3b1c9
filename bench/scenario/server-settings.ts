/** The settings of a server that a result saves, without secrets. Pure. */
import { z } from 'zod';
import { comparedProperties } from './describe-request.ts';
import { formatDuration } from './duration.ts';
import { eventOptionsSchema, noEventOptions, type EventOptions } from './event-options.ts';
import { isHttp2Reference } from './http2.ts';
import { plainRequest, type RequestOptions } from './request-options.ts';
import type { Scenario, ServerUnderTest } from './scenario.ts';

export const serverSettingsSchema = z.object({
  /**
   * Properties of its requests that a plain request does not have: `{ method: 'POST' }`. Also its
   * interval, if it is not that of the scenario.
   */
  request: z.record(z.string(), z.string()),
  /** The values that ssebench reads from its events. */
  events: eventOptionsSchema,
});
export type ServerSettings = z.infer<typeof serverSettingsSchema>;

/** How ssebench opens the streams of a server. */
export const requestOf = (
  server: ServerUnderTest,
  { headers, streamsPerConnection }: Scenario,
): RequestOptions =>
  server.kind === 'url'
    ? server.request
    : {
        ...plainRequest,
        headers,
        http2: isHttp2Reference(server.name) ? { streamsPerConnection } : null,
      };

/** A reference server has a counter of its own. */
export const eventsOf = (
  server: ServerUnderTest,
  { events }: Pick<Scenario, 'events'>,
): EventOptions =>
  server.kind === 'url'
    ? { ...events, ...server.events }
    : { ...noEventOptions, byEvent: events.byEvent };

/** The interval of a server, if it differs from those of the others. */
const ownInterval = (server: ServerUnderTest, { intervalMs }: Scenario): Record<string, string> =>
  server.kind === 'url' && server.intervalMs !== null && server.intervalMs !== intervalMs
    ? { interval: formatDuration(server.intervalMs) }
    : {};

/** @returns server → its settings */
export const settingsOf = (
  serversUnderTest: readonly ServerUnderTest[],
  scenario: Scenario,
): Record<string, ServerSettings> =>
  Object.fromEntries(
    serversUnderTest.map((server) => {
      const url = server.kind === 'url' ? server.url : '';
      const request = comparedProperties(url, requestOf(server, scenario));
      return [
        server.name,
        {
          request: { ...request, ...ownInterval(server, scenario) },
          events: eventsOf(server, scenario),
        },
      ];
    }),
  );
