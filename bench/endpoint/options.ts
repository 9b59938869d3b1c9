/** The options of `ssebench check`. */
import { accepted, refused, type Checked } from '../scenario/complaint.ts';
import { z } from 'zod';
import {
  duration,
  oneOf,
  type ConfigurableOption,
  type NamedOption,
  type SuchAs,
} from '../scenario/option.ts';
import { ownServerOptions } from '../scenario/own-servers/options.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';

/** A server that sends no headers for so long fails. A shorter observation would accuse others. */
const shortestWatchMs = 5_000;

/** As `run` and `leaks` have them, for a server whose process is known. */
export const serverOptions = {
  url: { ...ownServerOptions.url, about: 'URL of the stream, if not given as <url>' },
  pid: ownServerOptions.pid,
  readyWithin: ownServerOptions.readyWithin,
} satisfies Record<string, NamedOption<unknown>>;

export const checkOptions = {
  watch: {
    flags: '--watch [time]',
    about: 'how long to observe; 65s judges all idle limits (default: 10s)',
    ...duration(shortestWatchMs, '65s'),
  },
  origin: {
    flags: '--origin [origin]',
    about: 'judge CORS for pages of this origin, such as https://app.example.com',
    check: checkOrigin,
    shown: urlWithoutSecrets,
    mustInFile: 'a protocol and a host without a path, such as "https://app.example.com"',
    schema: z.string().refine((text) => checkOrigin(text, String).ok),
  },
  failOn: {
    flags: '--fail-on [severity]',
    about: 'exit with 5 for an error, or also for a warning (default: error)',
    ...oneOf(['error', 'warning'] as const),
  },
} satisfies Record<string, ConfigurableOption<unknown>>;

/** An origin has no path: browsers send `https://host` or `https://host:port`. */
function checkOrigin(value: unknown, suchAs: SuchAs): Checked<string> {
  const text = String(value);
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url?.origin === text.replace(/\/$/, '').toLowerCase()) return accepted(url.origin);
  return refused(
    `must be a protocol and a host without a path, ${suchAs('https://app.example.com')}`,
  );
}
