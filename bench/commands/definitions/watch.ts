/** `ssebench watch`: its options and its help. */
import { watchOptions } from '../../leaks/production/watch-options.ts';
import type { CommandOption, Definition } from './definition.ts';
import { commonOptions, usualExits } from './shared.ts';

const json: CommandOption = {
  flags: '--json',
  about: 'print each event as a line of JSON',
};

const snapshot: CommandOption = {
  flags: '--snapshot',
  about: 'name growing collections with a heap snapshot, which stops the server for up to 3 s',
};

export const definition: Definition = {
  about: [
    'Watches a Node server in production: inspects it at intervals, and counts the clients that disconnect in between. If it holds more and more with them, at six inspections in a row, ssebench raises an alarm with the source line and the rate. The server needs no change and no restart.',
  ],
  examples: [
    { args: '--pid 4711' },
    { args: '--pid 4711 --every 30m --for 12h', about: 'for a night' },
    { args: '--pid 4711 --json > watch.jsonl', about: 'for a program', isPiped: true },
  ],
  groups: [
    { title: 'Options', options: [...Object.values(watchOptions), snapshot] },
    { title: 'Output', options: [json, ...commonOptions] },
  ],
  more: [
    {
      title: 'Cost',
      text: [
        'Each inspection stops the process for 0.15 to 0.7 s, and longer for a heap of more than two million objects. The first one prints how long it took.',
      ],
    },
    {
      title: 'Inspector',
      text: [
        'ssebench uses the inspector of Node, which is a debugger. It listens on loopback only, and ssebench closes it after each inspection. An inspector that was already open stays open. The process must belong to the user who runs ssebench.',
      ],
    },
  ],
  exits: {
    ...usualExits,
    success: 'no alarm, also after Ctrl-C',
    failure: 'ssebench failed',
    invalid:
      'the process cannot be inspected, it ended before a verdict, or the system is not Linux',
    leaking: 'an alarm: the server is leaking',
  },
  async run({ names, complaints, values, switches }, { terminal, interruption }) {
    const { json: isJson = false, snapshot: hasSnapshot = false } = switches;
    const signal = interruption();
    const { watchCommand } = await import('../watch.ts');
    const words = { names, complaints, options: values, snapshot: hasSnapshot, json: isJson };
    return watchCommand(words, terminal, signal);
  },
};
