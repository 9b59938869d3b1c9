/** How long clients wait before they reconnect, and the options for it. */
import { z } from 'zod';
import { formatDuration } from './duration.ts';
import { duration, type OptionValues } from './option.ts';

export const reconnectDelaySchema = z.object({
  /** How long clients wait before they reconnect; a `retry:` from the server overrides it. */
  retryMs: z.number().nonnegative(),
  /** Each client waits up to this much longer, at random. */
  jitterMs: z.number().nonnegative(),
});
export type ReconnectDelay = z.infer<typeof reconnectDelaySchema>;

export const reconnectDelayOptions = {
  retry: {
    flags: '--retry [time]',
    about: 'reconnect delay if the server sends no retry field (default: 1s)',
    ...duration(1, '500ms'),
  },
  jitter: {
    flags: '--jitter [time]',
    about: 'random extra delay (default: 1s per 1,000 streams, at least 1s)',
    ...duration(0, '2s'),
  },
};

/** `after 1s to 2s` */
export const delayInWords = ({ retryMs, jitterMs }: ReconnectDelay): string =>
  `after ${formatDuration(retryMs)}${jitterMs > 0 ? ` to ${formatDuration(retryMs + jitterMs)}` : ''}`;

export const readReconnectDelay = (
  { retry, jitter }: OptionValues<typeof reconnectDelayOptions>,
  streams: number,
): ReconnectDelay => ({ retryMs: retry ?? 1_000, jitterMs: jitter ?? Math.max(1_000, streams) });
