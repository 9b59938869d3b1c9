/** `ssebench check`: its options and its help. */
import { checkOptions, serverOptions } from '../../endpoint/options.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { requestOptions } from '../../scenario/request-words.ts';
import { called } from '../invocation.ts';
import { ciOptions } from './ci-options.ts';
import type { CommandOption, Definition } from './definition.ts';
import { commonOptions, configFile, interrupted, switched, usualExits } from './shared.ts';

const output: readonly CommandOption[] = [
  ...ciOptions,
  { flags: '--json', about: 'print the findings and observations as JSON' },
];

export const definition: Definition = {
  about: [
    'Checks whether the stream at a URL is correct and ready for production: headers, framing, heartbeats, buffering, compression, reconnects. It sends about six requests and takes about ten seconds. With a command after --, ssebench starts the server and also judges its shutdown. Without a URL, it checks the servers of the config file.',
  ],
  examples: [
    { args: 'http://127.0.0.1:3000/event' },
    {
      args: 'http://127.0.0.1:3000/event -- node server.js',
      about: 'start your own server, and also judge its shutdown',
    },
    { args: 'https://example.com/event --watch 65s', about: 'also judge all idle limits' },
    {
      args: "https://example.com/event --header 'Authorization: Bearer $TOKEN'",
      about: 'in single quotes, so that ssebench fills in $TOKEN',
    },
    {
      args: 'http://127.0.0.1:3000/event --fail-on warning --junit check.xml',
      about: 'for CI',
    },
  ],
  groups: [
    { title: 'Options', options: [...Object.values(checkOptions), configFile] },
    { title: 'Your own server', options: Object.values(serverOptions) },
    { title: 'Requests', options: Object.values(requestOptions) },
    { title: 'Output', options: [...output, ...commonOptions] },
  ],
  more: [
    {
      title: 'Severities',
      rows: [
        ['error', 'clients lose events, wait for them, or cannot use the stream'],
        ['not judged', 'the check could not decide; the finding says what to do'],
        ['warning', 'works in most places, and fails in some'],
        ['info', 'a fact that may matter; never a failure'],
      ],
    },
    {
      title: 'Load',
      text: [
        `The check opens at most four streams at a time. With --body or --method, it sends this request up to four times, so choose a request without side effects. To load the endpoint, see ${called('run', '--help')}.`,
      ],
    },
  ],
  exits: {
    ...usualExits,
    failure: 'no connection, the server did not start, or a file could not be written',
    invalid: 'something could not be judged',
    unmet: 'an error was found, or with --fail-on warning a warning',
    interrupted,
  },
  async run(
    { names, complaints, values, switches },
    { terminal, interruption, behindDashes: command },
  ) {
    const { junit = [], markdown = [], config = [], ...others } = values;
    const { json = false, ...more } = switches;
    const signal = interruption();
    const { withConfigFile } = await import('../config-file.ts');
    const given = { ...others, ...switched(more) };
    const file = await withConfigFile(given, names, 'check', config, signal);
    if (signal.aborted) return exitCodes.interrupted;
    file.notes.forEach(terminal.note);
    const words = { names, command, junit, markdown, json, ...file };
    const { checkCommand } = await import('../check.ts');
    return checkCommand(
      { ...words, complaints: [...complaints, ...file.complaints] },
      terminal,
      signal,
    );
  },
};
