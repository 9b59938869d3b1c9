/** `ssebench serve`: its options and its help. */
import { helpAfterServe } from '../help.ts';
import type { Definition } from './definition.ts';

export const definition: Definition = {
  groups: [
    {
      title: 'Options',
      options: [
        {
          flags: '--port [number]',
          about: 'where it listens; 0 for any free port (default: 3000)',
        },
        { flags: '--host [address]', about: 'the address to listen on (default: 127.0.0.1)' },
      ],
    },
  ],
  after: helpAfterServe(),
  async run({ names, complaints, values }, { interruption }) {
    const { port = [], host = [] } = values;
    const { serveCommand } = await import('../serve.ts');
    return serveCommand({ names, complaints, port, host }, interruption());
  },
};
