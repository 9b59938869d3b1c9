/**
 * The options for a server of the user: its URL, its name in reports, and its process. Every
 * command that takes such a server has them.
 */
import { catalog } from '../../../servers/catalog.ts';
import { accepted, refused, type Checked } from '../complaint.ts';
import { duration, type NamedOption, type SuchAs } from '../option.ts';
import { urlWithoutSecrets } from '../secrets.ts';
import { whyNoUrl } from '../urls.ts';

export const ownServerOptions = {
  url: {
    flags: '--url [url]',
    about: 'URL of a stream of your server; add its command after --, or --pid',
    check: checkUrl,
    shown: urlWithoutSecrets,
  },
  pid: {
    flags: '--pid [pid]',
    about: 'the process of a server that already runs',
    parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
    check: checkPid,
  },
  readyWithin: {
    flags: '--ready-within [time]',
    about: 'how long the command may take until it listens (default: 30s)',
    ...duration(1, '60s'),
  },
  name: {
    flags: '--name [name]',
    about: 'the name of your own server in reports (default: its URL)',
    check: checkName,
    shown: urlWithoutSecrets,
  },
} satisfies Record<string, NamedOption<unknown>>;

export const usualReadyWithinMs = 30_000;

function checkUrl(value: unknown): Checked<string> {
  const reason =
    typeof value === 'string' && URL.canParse(value)
      ? whyNoUrl(value)
      : 'must be a URL that begins with http:// or https://';
  return reason === undefined ? accepted(String(value)) : refused(reason);
}

/** Checks that the process exists and that we may inspect it. */
function checkPid(value: unknown, suchAs: SuchAs): Checked<number> {
  const pid = Number.isInteger(value) ? Number(value) : 0;
  if (pid < 1) return refused(`must be a process id, ${suchAs(4711)}`);
  try {
    process.kill(pid, 0);
    return accepted(pid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(
      code === 'EPERM'
        ? 'belongs to another user; run ssebench as that user'
        : 'no such process; start the server first',
    );
  }
}

/** Other characters could begin a part of a URL, which is hidden, or a secret. */
const likeName = /^[\p{L}\p{N}][\p{L}\p{N} ._+/()-]{0,59}$/u;

function checkName(value: unknown, suchAs: SuchAs): Checked<string> {
  if (typeof value !== 'string' || !likeName.test(value) || value.endsWith(' '))
    return refused(
      `must be a name of at most 60 letters, digits, blanks and . _ + - / ( ), ${suchAs('new')}`,
    );
  return Object.hasOwn(catalog, value)
    ? refused('is the name of a reference server; choose another name')
    : accepted(value);
}
