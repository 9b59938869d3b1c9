/** `ssebench run`: its options and its help. */
import { exitCodes } from '../../result/exit-codes.ts';
import { optionGroups } from '../../scenario/options.ts';
import { helpAfterRun } from '../help.ts';
import type { CommandOption, Definition } from './definition.ts';

const load: readonly CommandOption[] = [
  {
    flags: '--config [file]',
    about:
      'the scenario file (default: ssebench.config.ts, .mts, .js, .mjs or .json here, if there is one)',
  },
];
const server: readonly CommandOption[] = [
  {
    flags: '--header [line]',
    about: 'a request header, such as "Authorization: Bearer abc"; may be repeated',
  },
];
const measurement: readonly CommandOption[] = [
  {
    flags: '--leak-check',
    about:
      'once all is measured, look for what the servers keep of streams that have gone, as the command leaks does',
  },
  { flags: '--no-probe', about: 'do not send each URL one request before the load' },
];
const comparison: readonly CommandOption[] = [
  {
    flags: '--expect [text]',
    about: 'what must hold for every server, such as "delivery.p99 < 50ms"; may be repeated',
  },
  {
    flags: '--baseline [name]',
    about: 'compare with the result that was saved under this name',
  },
  {
    flags: '--save-baseline [name]',
    about: 'save the result under this name, in results/baselines',
  },
  {
    flags: '--fail-on [verdict]',
    about:
      'exit with 5 where the comparison with the baseline says worse; or worse or inconclusive',
  },
  {
    flags: '--anyway',
    about: 'compare with a baseline that was measured otherwise, and say so',
  },
];
const output: readonly CommandOption[] = [
  { flags: '--plan', about: 'show what would be run, and leave' },
  {
    flags: '--out [folder]',
    about: 'where the result goes (default: results/<date>-<name>)',
  },
  {
    flags: '--live',
    about: 'serve the report while the run goes on, for a browser on this machine',
  },
  { flags: '--json', about: 'print the result as JSON instead of the table' },
];

export const definition: Definition = {
  groups: [
    { title: 'Load', options: [...Object.values(optionGroups.load), ...load] },
    { title: 'Server', options: [...Object.values(optionGroups.server), ...server] },
    {
      title: 'Measurement',
      options: [...Object.values(optionGroups.measurement), ...measurement],
    },
    { title: 'Comparison', options: [...Object.values(optionGroups.comparison), ...comparison] },
    { title: 'Output', options: output },
  ],
  after: helpAfterRun(),
  async run({ names: servers, complaints, values, switches }, { terminal, interruption }) {
    const {
      header: headers = [],
      out = [],
      expect = [],
      config = [],
      baseline = [],
      saveBaseline = [],
      failOn = [],
      ...options
    } = values;
    const {
      anyway = false,
      live = false,
      leakCheck = false,
      probe = true,
      plan = false,
      json = false,
    } = switches;
    const words = {
      servers,
      complaints,
      options,
      headers,
      expect,
      out,
      config,
      baseline,
      saveBaseline,
      failOn,
      anyway,
      live,
      leakCheck,
      probe,
      plan,
      json,
    };
    const signal = interruption();
    const { readCommandRequest } = await import('../run-request.ts');
    const asked = await readCommandRequest(words, new Date(), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!asked) return exitCodes.interrupted;
    if (plan) {
      const { showPlan } = await import('../plan.ts');
      showPlan(asked, words, terminal);
      return exitCodes.success;
    }
    const { runCommand } = await import('../run.ts');
    return runCommand(asked, words, terminal, signal);
  },
};
