/**
 * Figures that are never available for a server of the user, and why. This is known before anything
 * is measured. Pure.
 */
import type { Metric } from '../metrics/metric.ts';
import { metrics } from '../metrics/metrics.ts';
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import type { EventOptions } from '../scenario/event-options.ts';
import type { ServerUnderTest, UrlUnderTest } from '../scenario/scenario.ts';
import { accessTo, type Access } from '../scenario/own-servers/access.ts';
import { hasOurClock } from '../scenario/servers-under-test.ts';
import { readThreshold } from './thresholds.ts';

/** Loads that only some metrics have → the servers of the user that support them. */
const everyAccess: readonly Access[] = ['outside', 'pid', 'command'];
const accessForLoad: Readonly<Record<string, readonly Access[]>> = {
  'slow readers': everyAccess,
  'remaining streams': everyAccess,
  'a cut': everyAccess,
  'clients that reconnect': everyAccess,
  '--reconnect': everyAccess,
  'a shutdown': ['command'],
  answers: everyAccess,
};

/**
 * @param platform the operating system of this machine
 * @returns why this figure is never available for a server of the user, and what to do;
 * `undefined` if it can be available
 */
export function whyNoFigure(
  { needs = [], needsLinux, only }: Metric,
  server: Pick<UrlUnderTest, 'url' | 'intervalMs' | 'process' | 'request'>,
  events?: Pick<EventOptions, 'sequence' | 'sequenceOf'>,
  platform: string = process.platform,
): string | undefined {
  const { intervalMs, process } = server;
  if (needs.includes('process') && process === null)
    return 'not available for a URL alone, because ssebench cannot inspect its process; leave it out, or give the server by --url, with --pid or with its command after --';
  if (needsLinux && platform !== 'linux')
    return 'needs Linux; leave it out, or measure in a container or a CI job with Linux';
  const access = only === undefined ? undefined : (accessForLoad[only] ?? []);
  if (access?.length === 0)
    return `needs a load with ${only}, which only reference servers support; leave it out`;
  if (access?.includes(accessTo(server)) === false)
    return `needs a load with ${only}, which ${process === null ? 'a URL alone' : 'a running process'} does not support; leave it out, or give --url and, after --, the command that starts the server`;
  if (needs.includes('interval') && intervalMs === null)
    return 'needs the interval of the server; give it with --interval, such as --interval 1s';
  if (needs.includes('clock') && !hasOurClock(server))
    return 'needs stamps of this machine’s clock, but the URL, or a redirect of it, may lead to another machine; leave it out';
  if (
    needs.includes('feed') &&
    events &&
    (events.sequence === null || events.sequenceOf === 'stream')
  )
    return 'needs the numbers of a feed; give their path with --sequence, such as --sequence meta.seq';
  return undefined;
}

/** @returns a complaint for each expectation that cannot be verified for a server of the user */
export function whyNoExpectations(
  expect: Mentions,
  serversUnderTest: readonly ServerUnderTest[],
  events?: EventOptions,
): string[] {
  const urls = serversUnderTest.filter(
    (serverUnderTest): serverUnderTest is UrlUnderTest => serverUnderTest.kind === 'url',
  );
  return expect.flatMap((text) => {
    const threshold = readThreshold(String(text));
    const metric = threshold.ok
      ? metrics.find(({ name }) => name === threshold.value.metric)
      : undefined;
    const reason = urls
      .map((url) => metric && whyNoFigure(metric, url, events && { ...events, ...url.events }))
      .find((each) => each !== undefined);
    return reason === undefined ? [] : [`${optionAsTyped('--expect', text)}: ${reason}`];
  });
}
