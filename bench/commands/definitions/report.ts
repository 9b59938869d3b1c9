/** `ssebench report`: its options and its help. */
import { filesAt } from '../../report/formats.ts';
import type { Definition } from './definition.ts';
import { commonOptions, usualExits } from './shared.ts';

const files = filesAt('report');

export const definition: Definition = {
  about: [
    `Regenerates the reports of saved results: ${files.first} for a browser, and ${files.others}. A result is its folder or its result.json. Existing reports are replaced.`,
  ],
  examples: [{ args: 'results/before' }, { args: 'results/*/', about: 'all results' }],
  groups: [{ title: 'Options', options: commonOptions }],
  more: [],
  exits: { ...usualExits, failure: 'a file could not be written' },
  words: 'files',
  async run({ names, complaints }, { terminal }) {
    const { reportCommand } = await import('../report.ts');
    return reportCommand({ names, complaints }, terminal);
  },
};
