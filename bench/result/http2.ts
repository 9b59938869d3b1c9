/** The figures of HTTP/2 connections in a result. */
import { z } from 'zod';

const count = z.int().nonnegative();
/** The name of an error code → how often. */
const codeCounts = z.record(z.string(), count);

export const http2Schema = z.object({
  /** Connections whose server sent its SETTINGS. */
  sessions: count,
  /** Requests on all of them, in the whole run. */
  requests: count,
  /** The most streams that one connection had at once. */
  mostStreams: count,
  /** The connection window that ssebench sets, in bytes; `null` without a connection. */
  windowBytes: z.number().nullable(),
  /** The least that remained of a connection window; `null` if nothing was received. */
  leastWindowBytes: z.number().nullable(),
  /** Streams that the server reset, by the code of RST_STREAM. */
  resets: codeCounts,
  /** Connections on which the server sent GOAWAY, by its code. */
  goaways: codeCounts,
});
