/** `ssebench compare`: its options and its help. */
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { ciOptions } from './ci-options.ts';
import type { Definition } from './definition.ts';
import { failOn } from './fail-on.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { commonOptions, configFile, interrupted, usualExits } from './shared.ts';

export const definition: Definition = {
  about: [
    `Compares two saved results metric by metric: better, worse, same or inconclusive. A result is its folder, its result.json, or the name of a baseline. Verdicts need ${leastRounds} valid rounds of each.`,
  ],
  examples: [
    { args: 'results/before results/after' },
    { args: 'main results/after --fail-on worse', about: 'with the baseline main, for CI' },
    { args: 'main results/after --json > comparison.json', isPiped: true },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        failOn,
        {
          flags: '--anyway',
          about: 'compare although the settings differ, with a warning',
        },
        ...ciOptions,
        configFile,
        { flags: '--json', about: 'print the comparison as JSON' },
        ...commonOptions,
      ],
    },
  ],
  more: [],
  exits: {
    ...usualExits,
    failure: 'a file could not be written',
    invalid: 'no verdict for --fail-on',
    unmet: 'a metric has the verdict of --fail-on',
    interrupted,
  },
  words: 'files',
  async run({ names, complaints, values, switches }, { terminal, interruption }) {
    const { config = [], junit = [], markdown = [], ...given } = values;
    const { json = false } = switches;
    const signal = interruption();
    const { withConfigFile } = await import('../config-file.ts');
    const { options, ...file } = await withConfigFile(given, [], 'compare', config, signal);
    if (signal.aborted) return exitCodes.interrupted;
    const { compareCommand } = await import('../compare.ts');
    const words = {
      names,
      complaints: [...complaints, ...file.complaints],
      failOn: options.failOn ?? [],
      anyway: switches.anyway ?? options.anyway?.at(-1) === 'true',
      junit,
      markdown,
      json,
    };
    return compareCommand(words, terminal);
  },
};
