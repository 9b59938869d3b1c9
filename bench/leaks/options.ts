/** The options of `ssebench leaks`. */
import { duration, oneOf, wholeNumber, type NamedOption } from '../scenario/option.ts';
import { accepted, optionAsTyped, refused, type Checked } from '../scenario/complaint.ts';
import { hidden, urlWithoutSecrets } from '../scenario/secrets.ts';
import { whyNoUrl } from '../scenario/servers-under-test.ts';
import { leaveModes, type LeaveMode } from '../scenario/disconnect-modes.ts';

const names = leaveModes.map(({ name }) => name);
const usual = leaveModes.filter((mode) => mode.usual);

export const leaksOptions = {
  url: {
    flags: '--url [URL]',
    about:
      'where the stream of a server of your own is; with --pid, or with -- and the command that starts it',
    read: readUrl,
    shown: urlWithoutSecrets,
  },
  pid: {
    flags: '--pid [N]',
    about: 'the process of a server that runs already',
    read: readPid,
  },
  readyWithin: {
    flags: '--ready-within [TIME]',
    about: 'how long the command may take to listen (default: 30s)',
    ...duration(1, '--ready-within 60s'),
  },
  body: {
    flags: '--body [JSON]',
    about: 'what a POST sends (default: {})',
    read: readBody,
    shown: (text) => (text === '' ? text : hidden),
  },
  streams: {
    flags: '--streams [N]',
    about: 'streams in the smaller rounds; the larger ones have twice as many (default: 50)',
    ...wholeNumber(1, 5_000, '--streams 50'),
  },
  rounds: {
    flags: '--rounds [N]',
    about: 'pairs of a smaller and a larger round, for each mode (default: 1)',
    ...wholeNumber(1, 100, '--rounds 3'),
  },
  modes: {
    flags: '--modes [LIST]',
    about: `how clients leave: all, or some of ${names.join(', ')} (default: ${usual.map(({ name }) => name).join(',')})`,
    read: readModes,
  },
  events: {
    flags: '--events [N]',
    about:
      'how many events a client waits for before it leaves; 0 for those that may not get any (default: 2)',
    ...wholeNumber(0, 1_000, '--events 2'),
  },
  patience: {
    flags: '--patience [TIME]',
    about: 'how long it waits for them at most (default: 3s)',
    ...duration(1, '--patience 20s'),
  },
  deadline: {
    flags: '--deadline [TIME]',
    about: 'how long the server may take to let go of what a client had (default: 5s)',
    ...duration(1, '--deadline 10s'),
  },
  within: {
    flags: '--within [TIME]',
    about:
      'how long the whole check may take: then it ends, and reports the leaks that it has found and the modes that it has not tried (default: as long as it needs)',
    ...duration(1, '--within 50s'),
  },
  look: {
    flags: '--look [WAY]',
    about:
      'how to look at the server: inspector, or outside, as the system sees it (default: the strongest that it allows)',
    ...oneOf(['inspector', 'outside'] as const),
  },
  ignore: {
    flags: '--ignore [TEXT]',
    about:
      'leaves out leaks with this in their description, such as src/events.ts:14 or "setInterval 30000 ms"; may be repeated',
    read: (text: string) =>
      text === ''
        ? refused('must be a part of a leak’s description, such as --ignore src/events.ts:14')
        : accepted(text),
  },
  maxLeakedPerDisconnect: {
    flags: '--max-leaked-per-disconnect [N]',
    about: 'what is still no leak (default: 0)',
    read: readShare,
  },
} satisfies Record<string, NamedOption<unknown>>;

function readModes(text: string): Checked<readonly LeaveMode[]> {
  if (text === 'all') return accepted(leaveModes);
  const asked = text.split(',').map((name) => leaveModes.find((mode) => mode.name === name.trim()));
  if (asked.includes(undefined))
    return refused(`must be all, or a list of ${names.join(', ')}, such as --modes close,reset`);
  return accepted(asked as LeaveMode[]);
}

function readShare(text: string): Checked<number> {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= 0
    ? accepted(value)
    : refused('must be a number from 0 on, such as --max-leaked-per-disconnect 0.1');
}

function readUrl(text: string): Checked<string> {
  const reason = URL.canParse(text)
    ? whyNoUrl(text)
    : 'must be a URL that begins with http:// or https://';
  return reason === undefined ? accepted(text) : refused(reason);
}

/** A process that we may look into. */
function readPid(text: string): Checked<number> {
  const pid = /^\d+$/.test(text) ? Number(text) : 0;
  if (pid < 1) return refused('must be the number of a process, such as --pid 4711');
  try {
    process.kill(pid, 0);
    return accepted(pid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(
      code === 'EPERM'
        ? 'must be a process of this user; that one is somebody else’s'
        : 'must be a process that runs; there is none of that number',
    );
  }
}

function readBody(text: string): Checked<unknown> {
  try {
    return accepted<unknown>(JSON.parse(text));
  } catch {
    return refused(`must be JSON, such as ${optionAsTyped('--body', '{"topic":"news"}')}`);
  }
}
