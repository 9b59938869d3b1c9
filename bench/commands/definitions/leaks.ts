/** `ssebench leaks`: its options and its help. */
import { catalog } from '../../../servers/catalog.ts';
import { leaksOptions } from '../../leaks/request/leaks-options.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { hasOwnServer } from '../../scenario/own-servers/read.ts';
import { ownServerOptions } from '../../scenario/own-servers/options.ts';
import { ciOptions } from './ci-options.ts';
import type { CommandOption, Definition } from './definition.ts';
import { requestOptions } from '../../scenario/request-words.ts';
import { commonOptions, configFile, interrupted, switched, usualExits } from './shared.ts';

const { streams, serverProcesses, rounds, modes, http2, strict, events, patience, ...others } =
  leaksOptions;
const inspection = Object.entries(others).filter(
  ([name]) => !Object.hasOwn(ownServerOptions, name),
);
const noProbe: CommandOption = {
  flags: '--no-probe',
  about: 'skip the first requests to the URL, with and without compression',
};
const inspectionSwitches: readonly CommandOption[] = [
  {
    flags: '--trace',
    about: 'trace the source line of timers from the start, not only if needed',
  },
];
const output: readonly CommandOption[] = [
  ...ciOptions,
  { flags: '--json', about: 'print the result as JSON' },
];

export const definition: Definition = {
  about: [
    'Finds what servers do not release after clients disconnect: timers, listeners, sockets. It names the source line of each leak. Without a server, ssebench checks those of the config file, or else all reference servers.',
  ],
  examples: [
    {
      args: '--url http://127.0.0.1:3000/event -- node server.js',
      about: 'your own server',
    },
    { args: '--url http://127.0.0.1:3000/event --pid 4711', about: 'one that already runs' },
    { args: 'express hono --modes all', about: 'two reference servers' },
  ],
  groups: [
    {
      title: 'Your own server',
      options: [...Object.values(ownServerOptions), noProbe],
    },
    { title: 'Requests to your own server', options: Object.values(requestOptions) },
    {
      title: 'Load',
      options: [
        streams,
        serverProcesses,
        rounds,
        modes,
        http2,
        strict,
        events,
        patience,
        configFile,
      ],
    },
    {
      title: 'Inspection',
      options: [...inspection.map(([, option]) => option), ...inspectionSwitches],
    },
    { title: 'Output', options: [...output, ...commonOptions] },
  ],
  more: [
    {
      title: 'Disconnect modes',
      rows: disconnectModes.map(({ name, about }) => [name, about]),
    },
    {
      title: 'Inspector',
      text: [
        'ssebench uses the inspector of Node, which is a debugger. It listens on loopback only, and ssebench closes it after the check.',
      ],
    },
  ],
  exits: {
    ...usualExits,
    failure: 'ssebench failed, or a file could not be written',
    invalid:
      'a server or a named mode was not tested, a first request failed, or the system is not Linux',
    leaking: 'a server is leaking, died, or its streams did not open or sent no events',
    interrupted,
  },
  words: Object.keys(catalog),
  async run(
    { names: servers, complaints, values, switches },
    { terminal, interruption, behindDashes: command },
  ) {
    const { junit = [], markdown = [], config = [], ...typed } = values;
    const { trace, probe, json = false, ...more } = switches;
    const signal = interruption();
    const { withConfigFile } = await import('../config-file.ts');
    const given = { ...typed, ...switched(more) };
    const { options, listed, ...file } = await withConfigFile(
      given,
      servers,
      'leaks',
      config,
      signal,
    );
    if (signal.aborted) return exitCodes.interrupted;
    file.notes.forEach(terminal.note);
    const words = {
      servers: servers.length > 0 || hasOwnServer(given, command) ? servers : listed,
      ownServers: file.ownServers,
      lacksServers: file.lacksServers,
      command,
      complaints: [...complaints, ...file.complaints],
      options,
      trace: trace ?? options.trace?.at(-1) === 'true',
      probe: probe ?? options.probe?.at(-1) !== 'false',
      junit,
      markdown,
      json,
    };
    const { leaksCommand } = await import('../leaks.ts');
    return leaksCommand(words, terminal, signal);
  },
};
