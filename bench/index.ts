/**
 * The public API of the package: the commands as functions. Nothing prints. Each function loads its
 * code when it is first called, so that a config file is read quickly.
 */
import type { CheckResult } from './api/check.ts';
import type { Comparison, CompareSettings } from './api/compare.ts';
import type { Config, Url } from './api/config.ts';
import type { LeaksOutcome } from './api/find-leaks.ts';
import type { RunOutcome } from './api/run-outcome.ts';
import type { RunSettings } from './api/run-settings.ts';
import type { CheckSettings } from './endpoint/settings.ts';
import type { LeaksSettings } from './leaks/request/settings.ts';
import { leaksReport } from './report/terminal/leaks.ts';
import type { ServerVerdict } from './result/leak-result.ts';
import type { RunResult } from './result/run-result.ts';
import type { App } from './scenario/own-servers/app.ts';
import type { ReferenceServerName } from '../servers/catalog.ts';

export type { CheckResult } from './api/check.ts';
export type { LeaksOutcome } from './api/find-leaks.ts';
export type { Comparison, CompareSettings } from './api/compare.ts';
export type { Config, Expectation, RunConfig, Server, Url } from './api/config.ts';
export type {
  CheckOptions,
  CompareOptions,
  LeaksOptions,
  OwnServer,
  RunOptions,
} from './api/option-types.ts';
export type { RunOutcome, ServerFigures } from './api/run-outcome.ts';
export type { RunProgress, RunSettings } from './api/run-settings.ts';
export type { CheckProgress, CheckSettings } from './endpoint/settings.ts';
export type { LeaksProgress, LeaksSettings } from './leaks/request/settings.ts';
export type { MetricName } from './metrics/metrics.ts';
export type { Spread } from './metrics/summary.ts';
export type { EndpointFinding, EndpointResult, Severity } from './result/endpoint-result.ts';
export type { ExitCode } from './result/exit-codes.ts';
export type { Leak, LeakFinding, ModeResult, ServerVerdict } from './result/leak-result.ts';
export { runResultSchema, type RoundResult, type RunResult } from './result/run-result.ts';
export { watchLineSchema, type WatchLine } from './result/watch-result.ts';
export { BadInput } from './scenario/complaint.ts';
export type { DisconnectModeName } from './scenario/disconnect-modes.ts';
export type { Duration, DurationText } from './scenario/duration.ts';
export type { ScenarioName } from './scenario/kinds/kinds.ts';
export type { App } from './scenario/own-servers/app.ts';
export type { RequestSettings } from './scenario/read-request.ts';
export type { FailOn, Outcome, ResultsComparison, ServerComparison } from './verdict/comparison.ts';
export type { MetricComparison, Verdict } from './verdict/metric-comparison.ts';
export type { ServerKindVerdict } from './verdict/kind-verdicts.ts';
export type { Threshold, ThresholdVerdict } from './verdict/thresholds.ts';
export type { ReferenceServerName } from '../servers/catalog.ts';

/**
 * Measures servers, and compares them. Without `servers`, it measures all reference servers. Starts
 * load generators as separate processes. During the run, this process uses only the cores of the
 * load, so that it does not disturb the server.
 *
 * @param settings the options of `ssebench run`; every setting has a default
 * @returns the result with its figures and verdicts. After an abort of `signal`, they are those of
 * the rounds so far. If a server fails, `run` does not throw: the result says why
 * @throws BadInput with all complaints if a setting is invalid; nothing was started then
 */
export async function run(settings: RunSettings = {}): Promise<RunOutcome> {
  return (await import('./api/run.ts')).run(settings);
}

/**
 * Checks whether an endpoint is correct and ready for production. Sends about six requests, and
 * takes about ten seconds (`watch`).
 *
 * @param app the URL of the stream, or a server that ssebench starts (`command`) or knows (`pid`)
 * @param settings the options of `ssebench check`; every setting has a default
 * @returns the findings, the most severe first; `unreachable` states why there was no connection
 * @throws BadInput with all complaints if `app` or a setting is invalid; nothing was started then
 */
export async function check(app: string | App, settings: CheckSettings = {}): Promise<CheckResult> {
  return (await import('./api/check.ts')).check(app, settings);
}

/**
 * Checks a server for leaks: opens streams, disconnects the clients in several modes, and finds what
 * the server does not release. With the default settings, the check takes 5 to 15 s for a clean
 * server, and up to 45 s for one that leaks in every mode.
 *
 * @param app the server under test; a text is the URL of a server in this process, or the name of a
 * reference server. For a URL in a variable of type `string`, write `{ url }`
 * @param settings the options of `ssebench leaks`; every setting has a default
 * @returns the verdict; its state is `not inspected` if the server could not be inspected, which does
 * not count as a pass
 * @throws BadInput with all complaints if `app` or a setting is invalid; nothing was started then
 */
export async function findLeaks(
  app: ReferenceServerName | Url | App,
  settings: LeaksSettings = {},
): Promise<LeaksOutcome> {
  return (await import('./api/find-leaks.ts')).findLeaks(app, settings);
}

/** @returns the verdict as text: each leak with its source line, and how to fix it */
export function describeLeaks(verdict: ServerVerdict): string {
  return leaksReport([verdict], { style: (_format, text) => text });
}

/**
 * Compares two results in every metric that both have: better, worse, same or inconclusive.
 * Verdicts need at least 6 valid rounds of each.
 *
 * @param baseline a result, or where one is saved: its folder, its `result.json`, or the name of a
 * baseline
 * @param candidate the same
 * @param settings the options of `ssebench compare`; every setting has a default
 * @throws BadInput with all complaints if a result cannot be read, a setting is invalid, or the
 * results were measured under different conditions
 */
export async function compare(
  baseline: RunResult | string,
  candidate: RunResult | string,
  settings: CompareSettings = {},
): Promise<Comparison> {
  return (await import('./api/compare.ts')).compare(baseline, candidate, settings);
}

/** Gives the editor the types of a config file: `export default defineConfig({ … })`. */
export const defineConfig = (config: Config): Config => config;
