/** `ssebench compare`: its options and its help. */
import { helpAfterCompare } from '../help.ts';
import type { Definition } from './definition.ts';

export const definition: Definition = {
  groups: [
    {
      title: 'Options',
      options: [
        {
          flags: '--fail-on [verdict]',
          about: 'exit with 5 where a verdict is worse; or worse or inconclusive',
        },
        {
          flags: '--anyway',
          about: 'compare them though they were not measured alike, and say so',
        },
        { flags: '--json', about: 'print the comparison as JSON' },
      ],
    },
  ],
  after: helpAfterCompare(),
  async run({ names, complaints, values, switches }, { terminal }) {
    const { failOn = [] } = values;
    const { anyway = false, json = false } = switches;
    const { compareCommand } = await import('../compare.ts');
    return compareCommand({ names, complaints, failOn, anyway, json }, terminal);
  },
};
