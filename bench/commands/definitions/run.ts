/** `ssebench run`: its options and its help. */
import { catalog } from '../../../servers/catalog.ts';
import { metrics } from '../../metrics/metrics.ts';
import { withUnit } from '../../report/shared/format.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import { optionGroups } from '../../scenario/options.ts';
import { baseOptions } from '../../scenario/own-servers/base.ts';
import { ownServerOptions } from '../../scenario/own-servers/options.ts';
import { requestOptions } from '../../scenario/request-words.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { called } from '../invocation.ts';
import { ownServerWays } from '../own-server-ways.ts';
import type { Row } from '../text-layout.ts';
import { ciOptions } from './ci-options.ts';
import type { CommandOption, Definition, OptionGroup } from './definition.ts';
import { failOn } from './fail-on.ts';
import { commonOptions, configFile, interrupted, switched, usualExits } from './shared.ts';

const measurement: readonly CommandOption[] = [
  { flags: '--leak-check', about: 'also check servers for leaks, after the measurement' },
  { flags: '--no-probe', about: 'skip the one request to each running server before the load' },
  {
    flags: '--allow-remote',
    about: 'allow the load for a server on another machine, without a question',
  },
];
const comparison: readonly CommandOption[] = [
  {
    flags: '--expect [threshold]',
    about: 'a limit for every server, such as "delivery.p99 < 50ms"; repeatable',
  },
  { flags: '--baseline [name]', about: 'compare with the result saved under this name' },
  {
    flags: '--save-baseline [name]',
    about: 'save the result under this name, if the run succeeds',
  },
  failOn,
  { flags: '--anyway', about: 'compare although the settings differ, with a warning' },
];
const output: readonly CommandOption[] = [
  { flags: '--plan', about: 'print the plan and exit' },
  {
    flags: '--out [folder]',
    about: 'the folder of the result (default: results/<date>-<name>)',
    words: 'files',
  },
  { flags: '--live', about: 'serve the report during the run, for a browser on this machine' },
  ...ciOptions,
  { flags: '--json', about: 'print the result as JSON instead of the table' },
];

const groups: readonly OptionGroup[] = [
  { title: 'Your own server', options: Object.values(ownServerOptions) },
  { title: 'Load', options: [...Object.values(optionGroups.load), configFile] },
  { title: 'Load kinds', options: Object.values(optionGroups.kinds) },
  { title: 'Reference servers only', options: Object.values(optionGroups.reference) },
  { title: 'Requests to your own server', options: Object.values(requestOptions) },
  { title: 'Events of your own server', options: Object.values(optionGroups.events) },
  {
    title: 'Measurement',
    options: [...Object.values(optionGroups.measurement), ...measurement],
  },
  {
    title: 'Comparison',
    options: [
      { ...baseOptions.base, words: 'files' },
      ...Object.values(optionGroups.comparison),
      ...comparison,
    ],
  },
  { title: 'Output', options: [...output, ...commonOptions] },
];

export const definition: Definition = {
  about: [
    'Measures servers, compares them in one table, and writes a report. Give your own server by --url and its command or --pid. A URL alone is measured from outside. Without a server, ssebench measures all reference servers.',
  ],
  examples: [
    {
      args: '--url http://127.0.0.1:3000/event -- node server.js',
      about: 'your own server',
    },
    { args: '--url http://127.0.0.1:3000/event --pid 4711', about: 'one that already runs' },
    { args: 'http://127.0.0.1:3000/event', about: 'only from outside' },
    {
      args: "http://127.0.0.1:3000/event --header 'Authorization: Bearer $TOKEN'",
      about: 'ssebench fills in $TOKEN',
    },
    {
      args: `express fastify --rounds ${leastRounds}`,
      about: 'compare, with verdicts',
    },
    {
      args: `koa --rounds ${leastRounds} --baseline main --fail-on worse`,
      about: 'fail a slower pull request',
    },
    {
      args: `--url http://127.0.0.1:3000/event --base ../base --rounds ${leastRounds} -- node server.js`,
      about: 'compare two versions of your server',
    },
  ],
  groups,
  more: [
    {
      title: 'Baselines',
      text: [
        `Measure the main branch with --save-baseline main, then the pull request with --baseline main --fail-on worse: on the same machine, with the same options, and with at least ${leastRounds} rounds. If a metric is worse, the exit code is 5. Without a baseline, --fail-on judges the servers of the run against that of --against or --base. For a URL alone, ssebench judges time to headers, time to first event and event gaps. If its events have stamps, it also judges delivery.`,
      ],
    },
    {
      title: 'Metrics of the table',
      text: ['Each is the median of the rounds (min–max). p99: 99 % of the samples are lower.'],
      rows: metrics
        .filter(({ headline }) => headline)
        .map(({ label, unit, definition: meaning }): Row => [withUnit(label, unit), meaning]),
    },
    {
      title: 'Invalid results',
      text: [
        'A round is invalid if the load generator or the machine distorted it, for example because a CPU core was too busy. The report says why, and what to change. Invalid rounds are excluded. If a server has no valid round, the exit code is 3.',
      ],
    },
    {
      title: 'Ways to give your own server',
      rows: ownServerWays,
    },
    {
      title: 'More about your own server',
      text: [
        'If it sends events at a fixed interval, give --interval. Otherwise warm-up and measurement last as long as for an interval of 1s. If its events contain numbers or times, give --sequence and --stamp. ssebench then finds lost events and measures delivery.',
        `A config file may list several servers, such as two builds. ${called('leaks', '--help')} shows how to find leaks.`,
        `npm takes the first -- for itself, and npx takes none. So write ${called('run', '--url <url> -- <command>')}, or npm exec -- ssebench run --url <url> -- <command>.`,
      ],
    },
    {
      title: 'Manuals',
      text: [`${called('help', 'scenarios')} (or metrics, validity, servers, exit-codes)`],
    },
  ],
  exits: {
    ...usualExits,
    failure: 'a server or ssebench failed, or a file could not be written',
    invalid: 'a server has no valid round or no verdict for --fail-on, or was not inspected',
    leaking: '--leak-check: a server is leaking, or its streams did not open or sent no events',
    unmet: 'a threshold or the scenario failed, or a metric has the verdict of --fail-on',
    interrupted,
  },
  words: Object.keys(catalog),
  async run(
    { names: servers, complaints, values, switches },
    { terminal, interruption, behindDashes: command },
  ) {
    const {
      header: headers = [],
      out = [],
      expect = [],
      config = [],
      baseline = [],
      saveBaseline = [],
      failOn: verdicts = [],
      junit = [],
      markdown = [],
      ...options
    } = values;
    const {
      anyway = false,
      live = false,
      leakCheck = false,
      probe = true,
      plan = false,
      json = false,
      ...more
    } = switches;
    const words = {
      servers,
      command,
      complaints,
      options: { ...options, ...switched(more) },
      headers,
      expect,
      out,
      config,
      baseline,
      saveBaseline,
      failOn: verdicts,
      junit,
      markdown,
      anyway,
      live,
      leakCheck,
      probe,
      plan,
      json,
      asks: terminal.ask !== undefined,
    };
    const signal = interruption();
    const { readCommandRequest } = await import('../run-request.ts');
    const request = await readCommandRequest(words, new Date(), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!request) return exitCodes.interrupted;
    if (plan) {
      const { showPlan } = await import('../plan.ts');
      showPlan(request, words, terminal);
      return exitCodes.success;
    }
    const { runCommand } = await import('../run.ts');
    return runCommand(request, words, terminal, signal);
  },
};
