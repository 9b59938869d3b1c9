/** `ssebench leaks`: its options and its help. */
import { leaksOptions } from '../../leaks/options.ts';
import { helpAfterLeaks } from '../help.ts';
import type { Definition } from './definition.ts';

export const definition: Definition = {
  groups: [
    {
      title: 'Options',
      options: [
        {
          flags: '--header [line]',
          about: 'a request header, such as "Authorization: Bearer abc"; may be repeated',
        },
        { flags: '--junit [file]', about: 'write the result as JUnit’s XML too' },
        {
          flags: '--trace',
          about:
            'trace timers to the line that created them from the beginning, and not only where it is needed',
        },
        { flags: '--no-probe', about: 'do not send the URL one request before all else' },
        { flags: '--json', about: 'print the result as JSON' },
        ...Object.values(leaksOptions),
      ],
    },
  ],
  after: helpAfterLeaks(),
  async run(
    { names: servers, complaints, values, switches },
    { terminal, interruption, behindDashes: command },
  ) {
    const { header: headers = [], junit = [], ...options } = values;
    const { trace = false, probe = true, json = false } = switches;
    const words = { servers, command, complaints, options, headers, trace, probe, junit, json };
    const { leaksCommand } = await import('../leaks.ts');
    return leaksCommand(words, terminal, interruption());
  },
};
