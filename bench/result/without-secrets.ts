/** Removes secrets from results, including those of older versions, which hid fewer. Pure. */
import { mapTexts } from './map-texts.ts';
import type { RoundResult, RunResult } from './run-result.ts';
import { commandWithoutSecrets, headersWithoutSecrets } from '../scenario/command-secrets.ts';
import { textWithoutSecrets, urlWithoutSecrets } from '../scenario/secrets.ts';

/** Only a few fields hold text from a server. Histograms are texts too, and must not change. */
export function roundWithoutSecrets<Round extends RoundResult>(round: Round): Round {
  const { failures, failedAttempts, unexpectedEvents, eventData, byEvent } = round;
  const hide = <Value>(value: Value) => mapTexts(value, textWithoutSecrets);
  const withoutSecrets = {
    failures: hide(failures),
    failedAttempts: hide(failedAttempts),
    unexpectedEvents: hide(unexpectedEvents),
    eventData: hide(eventData),
    byEvent: byEvent.map((each) => ({ ...each, name: hide(each.name) })),
  };
  if (round.state === 'measured')
    return { ...round, ...withoutSecrets, doubts: hide(round.doubts) };
  return { ...round, ...withoutSecrets, message: hide(round.message), stderr: hide(round.stderr) };
}

export function resultWithoutSecrets(result: RunResult): RunResult {
  const names = namesWithoutSecrets(result.servers);
  const nameOf = (server: string) => names.get(server) ?? serverWithoutSecrets(server);
  return {
    ...result,
    name: textWithoutSecrets(result.name),
    command: commandWithoutSecrets(result.command),
    servers: result.servers.map(nameOf),
    against: result.against === null ? null : nameOf(result.against),
    scenario: {
      ...result.scenario,
      headers: headersWithoutSecrets(result.scenario.headers),
      events: mapTexts(result.scenario.events, textWithoutSecrets),
    },
    ...(result.settings && {
      settings: Object.fromEntries(
        Object.entries(result.settings).map(([server, settings]) => [
          nameOf(server),
          mapTexts(settings, textWithoutSecrets),
        ]),
      ),
    }),
    rounds: result.rounds.map((round) => ({
      ...roundWithoutSecrets(round),
      server: nameOf(round.server),
    })),
    capacity: result.capacity.map((found) => ({
      ...mapTexts(found, textWithoutSecrets),
      server: nameOf(found.server),
    })),
    leaks: result.leaks.map((verdict) => ({
      ...mapTexts(verdict, textWithoutSecrets),
      server: nameOf(verdict.server),
    })),
  };
}

/** The name of a server, which may already have a number: see `readServers`. */
function serverWithoutSecrets(name: string): string {
  const [, shown = ''] = /^(\S+) \(\d+\)$/.exec(name) ?? [];
  return shown !== '' && urlWithoutSecrets(shown) === shown ? name : urlWithoutSecrets(name);
}

/** Servers whose names differ only in hidden parts keep different names. */
function namesWithoutSecrets(servers: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const server of new Set(servers)) {
    const shown = serverWithoutSecrets(server);
    const place = (taken.get(shown) ?? 0) + 1;
    taken.set(shown, place);
    names.set(server, place === 1 ? shown : `${shown} (${place})`);
  }
  return names;
}
