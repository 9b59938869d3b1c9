/** Complaints about options of a run that are valid one by one, and the scenario that sets them. */
import { mostServers } from '../result/run-result.ts';
import { optionAsTyped } from '../scenario/complaint.ts';
import { flagOf } from '../scenario/option.ts';
import { runOptions } from '../scenario/options.ts';
import type { KnownRequest } from '../scenario/request.ts';
import type { RunWords } from '../scenario/run-words.ts';
import type { ServerUnderTest } from '../scenario/scenario.ts';
import { whyNoExpectations } from '../verdict/url-figures.ts';
import { whyNoLeakCheck } from './leak-check.ts';
import { whyNoPorts } from './ports.ts';
import { remoteHosts, whyNotRemote } from './remote-load.ts';
import type { RunCommandWords } from './run-command-words.ts';

/** Complaints about options that are valid alone but not together. */
export function whyNotTogether(
  known: KnownRequest,
  typed: RunCommandWords,
  words: RunWords,
  loaded: RunWords,
): string[] {
  const { serversUnderTest, events } = known;
  // An invalid socket would make the port of the URL matter.
  const isSocketRead = (server: ServerUnderTest) =>
    words.options.unixSocket === undefined ||
    (server.kind === 'url' && server.request.socketPath !== null);
  const located = serversUnderTest.filter(isSocketRead);
  const mayAsk = words.options.allowRemote !== undefined || typed.asks || typed.plan;
  return [
    ...(typed.leakCheck ? whyNoLeakCheck(serversUnderTest) : []),
    ...whyNoPorts(located),
    ...whyNoComparison(known, typed),
    ...(mayAsk ? [] : whyNotRemote(remoteHosts(located))),
    ...whyNoExpectations(loaded.expect, serversUnderTest, events).map((complaint) =>
      words.expect.length > 0 ? complaint : `${scenarioSets(words)} ${complaint}`,
    ),
  ];
}

/**
 * If an option in a complaint was not given explicitly, adds the name of the scenario that sets it.
 */
export function attributedToScenario(complaint: string, words: RunWords, loaded: RunWords): string {
  const given = Object.entries(runOptions).find(
    ([name, option]) =>
      words.options[name] === undefined &&
      loaded.options[name] !== undefined &&
      complaint.startsWith(`${flagOf(option)} `),
  );
  return given ? `${scenarioSets(words)} ${complaint}` : complaint;
}

const scenarioSets = ({ options: { scenario } }: RunWords) =>
  `--scenario ${String(scenario?.at(-1))} sets`;

/**
 * A search for the capacity of servers runs under many loads, so its figures cannot be compared
 * with a baseline.
 */
function whyNoComparison(
  { load }: KnownRequest,
  { baseline, saveBaseline, failOn }: RunCommandWords,
): string[] {
  if (load.kind !== 'search') return [];
  const given = { '--baseline': baseline, '--save-baseline': saveBaseline, '--fail-on': failOn };
  return Object.entries(given).flatMap(([flag, mentions]) =>
    mentions.length > 0
      ? [
          `${optionAsTyped(flag, mentions.at(-1)!)}: --search measures each server under a different load, so results are not comparable; leave it out`,
        ]
      : [],
  );
}

/** A complaint if there are more of them than a result can hold. */
export const tooMany = (what: string, count: number) =>
  count > mostServers
    ? [`${count} ${what}: a run takes at most ${mostServers}; split them into several runs`]
    : [];
