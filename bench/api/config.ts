/** The config file, with literal names. */
import type { ReferenceServerName } from '../../servers/catalog.ts';
import type { MetricName } from '../metrics/metrics.ts';
import type {
  CheckOptions,
  CompareOptions,
  LeaksOptions,
  OwnServer,
  RunOptions,
} from './option-types.ts';

/** A URL, such as `http://127.0.0.1:3000/event`. */
export type Url = `http://${string}` | `https://${string}`;

/** A server to measure: the name of a reference server, a URL, or a server of your own. */
export type Server = ReferenceServerName | Url | OwnServer;

/**
 * An expectation for every server: a metric, an operator, and a limit with its unit, such as
 * `delivery.p99 < 50ms`.
 */
export type Expectation = `${MetricName}${'' | ' '}${'<' | '>' | '='}${string}`;

/** The servers, requests, load and expectations of a run. All keys are optional. */
export interface RunConfig extends RunOptions {
  /** The servers, in the order of the table (default: all reference servers). */
  servers?: readonly Server[] | undefined;
  /** Expectations for every server. A server that breaks one makes the exit code 5. */
  expect?: readonly Expectation[] | undefined;
}

/**
 * The config file, `ssebench.config.ts`. `run` reads the load. All commands read `servers` and the
 * options of requests, and each has a section for the rest.
 */
export interface Config extends RunConfig {
  /** The URL of the JSON Schema, for editors. */
  $schema?: string | undefined;
  leaks?: LeaksOptions | undefined;
  check?: CheckOptions | undefined;
  compare?: CompareOptions | undefined;
}
