/**
 * Figures that are never available for a URL, and why. This is known before anything is measured.
 * Pure.
 */
import type { Metric } from '../metrics/metric.ts';
import { metrics } from '../metrics/metrics.ts';
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import type { ServerUnderTest, UrlUnderTest } from '../scenario/scenario.ts';
import { isOnThisMachine } from '../scenario/servers-under-test.ts';
import { readThreshold } from './thresholds.ts';

/**
 * @returns why this figure is never available for a URL, and what to do; `undefined` if it can be
 * available
 */
export function whyNoFigure(
  { needs = [], only }: Metric,
  { url, intervalMs }: Pick<UrlUnderTest, 'url' | 'intervalMs'>,
): string | undefined {
  if (needs.includes('process'))
    return 'not available for a URL, because ssebench cannot inspect its process; leave it out, or name a reference server';
  if (only !== undefined)
    return `needs a load with ${only}, which a URL does not support; leave it out, or name a reference server`;
  if (needs.includes('interval') && intervalMs === null)
    return 'needs the interval of the URL; give it with --interval, such as --interval 1s';
  if (needs.includes('clock') && !isOnThisMachine(new URL(url)))
    return 'needs stamps of this machine’s clock, but the URL has no loopback address; leave it out';
  return undefined;
}

/** @returns a complaint for each expectation that cannot be verified for a URL among the servers */
export function whyNoExpectations(
  expect: Mentions,
  serversUnderTest: readonly ServerUnderTest[],
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
      .map((url) => metric && whyNoFigure(metric, url))
      .find((each) => each !== undefined);
    return reason === undefined ? [] : [`${optionAsTyped('--expect', text)}: ${reason}`];
  });
}
