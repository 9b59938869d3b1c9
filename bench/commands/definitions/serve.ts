/** `ssebench serve`: its options and its help. */
import { catalog } from '../../../servers/catalog.ts';
import type { Definition } from './definition.ts';
import { helpOption } from '../flags.ts';
import { usualExits } from './shared.ts';

export const definition: Definition = {
  about: ['Starts one reference server in the foreground. Ctrl-C ends it.'],
  examples: [
    { args: 'express' },
    { args: 'hono --port 0', about: 'on any free port, which it prints' },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        { flags: '--port [n]', about: 'the port to listen on; 0: any free port (default: 3000)' },
        { flags: '--host [address]', about: 'the address to listen on (default: 127.0.0.1)' },
        helpOption,
      ],
    },
  ],
  more: [
    { title: 'Servers', rows: Object.entries(catalog).map(([name, { about }]) => [name, about]) },
  ],
  exits: { ...usualExits, failure: 'the server failed' },
  words: Object.keys(catalog),
  async run({ names, complaints, values }, { terminal, interruption }) {
    const { port = [], host = [] } = values;
    const { serveCommand } = await import('../serve.ts');
    return serveCommand({ names, complaints, port, host }, terminal, interruption());
  },
};
