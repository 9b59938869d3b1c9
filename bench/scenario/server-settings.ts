/** The settings of a server that a result saves, without secrets. Pure. */
import { z } from 'zod';
import { comparedProperties } from './describe-request.ts';
import { eventOptionsSchema, noEventOptions, type EventOptions } from './event-options.ts';
import { plainRequest, type RequestOptions } from './request-options.ts';
import type { Scenario, ServerUnderTest } from './scenario.ts';

export const serverSettingsSchema = z.object({
  /** Properties of its requests that a plain request does not have: `{ method: 'POST' }`. */
  request: z.record(z.string(), z.string()),
  /** The values that ssebench reads from its events. */
  events: eventOptionsSchema,
});
export type ServerSettings = z.infer<typeof serverSettingsSchema>;

/** How ssebench opens the streams of a server. */
export const requestOf = (server: ServerUnderTest, { headers }: Scenario): RequestOptions =>
  server.kind === 'url' ? server.request : { ...plainRequest, headers };

/** A reference server has a counter of its own. */
export const eventsOf = (
  server: ServerUnderTest,
  { events }: Pick<Scenario, 'events'>,
): EventOptions =>
  server.kind === 'url'
    ? { ...events, ...server.events }
    : { ...noEventOptions, byEvent: events.byEvent };

/** @returns server → its settings */
export const settingsOf = (
  serversUnderTest: readonly ServerUnderTest[],
  scenario: Scenario,
): Record<string, ServerSettings> =>
  Object.fromEntries(
    serversUnderTest.map((server) => [
      server.name,
      {
        request: comparedProperties(
          server.kind === 'url' ? server.url : '',
          requestOf(server, scenario),
        ),
        events: eventsOf(server, scenario),
      },
    ]),
  );
