/** The options of `ssebench watch`. */
import { accepted, refused } from '../../scenario/complaint.ts';
import { duration, wholeNumber, type NamedOption } from '../../scenario/option.ts';
import { ownServerOptions } from '../../scenario/own-servers/options.ts';
import { leaksOptions } from '../request/leaks-options.ts';
import { inspectionsToJudge } from '../../verdict/steady-growth.ts';

const shortestEveryMs = 10_000;
const anyDuration = duration(1, '10m');

export const watchOptions = {
  pid: { ...ownServerOptions.pid, about: 'the process of the running server; required' },
  every: {
    flags: '--every [time]',
    about: 'time between inspections, at least 10s (default: 10m)',
    check(value, suchAs) {
      const checked = anyDuration.check(value, suchAs);
      return checked.ok && checked.value < shortestEveryMs
        ? refused(
            `must be at least 10s, because each inspection stops the server for up to a second, ${suchAs('10m')}`,
          )
        : checked;
    },
  },
  for: {
    flags: '--for [time]',
    about: 'how long to watch (default: until Ctrl-C, or the end of the process)',
    ...duration(1, '2h'),
  },
  inspections: {
    flags: '--inspections [n]',
    about: 'how many inspections to make (default: no limit)',
    ...wholeNumber(inspectionsToJudge, 1_000_000, 100),
  },
  ignore: leaksOptions.ignore,
  maxGrowthPerDisconnect: {
    flags: '--max-growth-per-disconnect [n]',
    about: 'tolerated growth per disconnect (default: 0.05)',
    parse: leaksOptions.maxLeakedPerDisconnect.parse,
    check: (value, suchAs) => {
      const checked = leaksOptions.maxLeakedPerDisconnect.check(value, suchAs);
      return checked.ok ? accepted(checked.value) : checked;
    },
  },
} satisfies Record<string, NamedOption<unknown>>;
