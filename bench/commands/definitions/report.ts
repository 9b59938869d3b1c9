/** `ssebench report`: its options and its help. */
import { helpAfterReport } from '../help.ts';
import type { Definition } from './definition.ts';

export const definition: Definition = {
  groups: [],
  after: helpAfterReport(),
  async run({ names, complaints }, { terminal }) {
    const { reportCommand } = await import('../report.ts');
    return reportCommand({ names, complaints }, terminal);
  },
};
