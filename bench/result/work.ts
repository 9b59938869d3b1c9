/** The work that a server still does for clients that have disconnected. */
import { z } from 'zod';

export const workSchema = z.object({
  /**
   * Milliseconds from the disconnect until the server had stopped its work for these clients. The
   * resolution is 50 ms. `null` if it still worked when ssebench stopped watching.
   */
  lastsMs: z.number().nonnegative().nullable(),
  /** How long ssebench watched after a disconnect, in milliseconds. */
  watchedMs: z.number().nonnegative(),
  /**
   * CPU time per disconnect of the server and its child processes in this time, in milliseconds,
   * without their other work. `null` if it is unknown, or if other work hides it.
   */
  cpuMs: z.number().nonnegative().nullable(),
  /** Timers per disconnect that were still active. `null` if unknown, or if others hide them. */
  timers: z.number().nonnegative().nullable(),
  /** Connections that the server had opened for these clients, and that were still open. */
  upstreams: z.array(
    z.object({
      /** Such as `127.0.0.1:9000`. */
      address: z.string(),
      perDisconnect: z.number().positive(),
    }),
  ),
});
export type Work = z.infer<typeof workSchema>;
