/** The table of all metrics. Reports, README and help take their wording from it. */
import { answerMetrics, type AnswerMetric } from './answer-metrics.ts';
import { auditMetrics, type AuditMetric } from './audit-metrics.ts';
import { costMetrics, type CostMetric } from './cost-metrics.ts';
import { quantileMetrics, type QuantileMetric } from './distributions.ts';
import { feedMetrics, type FeedMetric } from './feed-metrics.ts';
import { finiteMetrics, type FiniteMetric } from './finite-metrics.ts';
import { generatorMetrics, type GeneratorMetric } from './generator-metrics.ts';
import { http2Metrics, type Http2Metric } from './http2-metrics.ts';
import type { Metric } from './metric.ts';
import { reconnectMetrics, type ReconnectMetric } from './reconnect-metrics.ts';
import { shutdownMetrics, type ShutdownMetric } from './shutdown-metrics.ts';
import { throughputMetrics, type ThroughputMetric } from './throughput-metrics.ts';

/** All metrics, in the order in which reports show them. */
export const metrics: readonly Metric[] = [
  ...quantileMetrics,
  ...feedMetrics,
  ...throughputMetrics,
  ...finiteMetrics,
  ...answerMetrics,
  ...costMetrics,
  ...auditMetrics,
  ...reconnectMetrics,
  ...shutdownMetrics,
  ...http2Metrics,
  ...generatorMetrics,
];

/** The name of a metric. */
export type MetricName =
  | QuantileMetric
  | FeedMetric
  | ThroughputMetric
  | FiniteMetric
  | AnswerMetric
  | CostMetric
  | AuditMetric
  | ReconnectMetric
  | ShutdownMetric
  | Http2Metric
  | GeneratorMetric;

/** The few metrics that decide comparisons; some only if a side is measured from outside. */
export const primaryMetrics = metrics.filter(({ primary }) => primary);

/** The ones that decide a comparison of servers that ssebench inspects. */
export const inspectedMetrics = primaryMetrics.filter(
  ({ primary }) => primary!.fromOutside !== true,
);

/** Combines the names of a distribution's quantiles: `delivery.{p50,p90,p95,p99,p99.9,max}`. */
export function familyName(same: readonly Pick<Metric, 'name'>[]): string {
  const [first, ...others] = same.map(({ name }) => name);
  if (others.length === 0) return first!;
  const dot = first!.indexOf('.');
  return `${first!.slice(0, dot)}.{${[first!, ...others].map((name) => name.slice(dot + 1)).join(',')}}`;
}
