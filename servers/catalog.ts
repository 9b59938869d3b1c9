/**
 * The reference servers: one row each, and the only place that lists them. Data only, which both
 * packages have: `ssebench` knows the servers, and `ssebench-servers` contains them.
 */

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * TypeScript in the repository, JavaScript in the package: the servers have the extension of this
 * file.
 */
const beside = (server: string) =>
  fileURLToPath(new URL(`${server}${extname(import.meta.url)}`, import.meta.url));

/** How to start a reference server, and what it represents. */
export interface CatalogEntry {
  /** The file that `node` runs. In `ssebench`, it is in the other package: see `serverFile`. */
  file: string;
  /** The npm packages whose versions a result must include; empty for Node's own modules. */
  packages: readonly string[];
  /** One line for people: what this server shows. */
  about: string;
  /** Whether it has backpressure at `interval=0`; otherwise it queues events in memory. */
  waitsForDrain: boolean;
  /**
   * Whether it numbers its events on request (`resume`), and resumes a stream after the last event
   * of a client that reconnects.
   */
  resumes?: true;
  /**
   * Whether it speaks only HTTP/2, without TLS: clients need prior knowledge (h2c), which browsers
   * and autocannon do not have. By default, it is not among the measured servers.
   */
  http2?: true;
}

/** Name → server, in the order of the tables. */
const rows = {
  floor: {
    file: beside('floor'),
    packages: [],
    about: 'node:net with hand-written frames: the lower bound for every framework',
    waitsForDrain: true,
  },
  'node-http': {
    file: beside('node-http'),
    packages: [],
    about: 'node:http without a framework',
    waitsForDrain: true,
    resumes: true,
  },
  'node-http2': {
    file: beside('node-http2'),
    packages: [],
    about: 'node:http2 without a framework; speaks only HTTP/2 without TLS (h2c)',
    waitsForDrain: true,
    resumes: true,
    http2: true,
  },
  express: {
    file: beside('express'),
    packages: ['express'],
    about: 'Express 5; sends its headers with the first event',
    waitsForDrain: true,
    resumes: true,
  },
  fastify: {
    file: beside('fastify'),
    packages: ['fastify'],
    about: 'Fastify 5, with a hijacked reply',
    waitsForDrain: true,
  },
  hono: {
    file: beside('hono'),
    packages: ['hono', '@hono/node-server'],
    about: 'Hono 4 on its Node adapter, with streamSSE',
    waitsForDrain: true,
  },
  koa: {
    file: beside('koa'),
    packages: ['koa'],
    about: 'Koa 3, with a PassThrough stream as the body',
    waitsForDrain: true,
  },
  h3: {
    file: beside('h3'),
    packages: ['h3', 'srvx'],
    about:
      'h3 2 (the core of Nuxt and Nitro), with EventStream; sends its headers with the first event',
    waitsForDrain: true,
  },
  nest: {
    file: beside('nest'),
    packages: ['@nestjs/core', '@nestjs/platform-express', 'rxjs'],
    about: 'NestJS 12 on Express, with @Sse and an Observable; has no backpressure',
    waitsForDrain: false,
  },
  'better-sse': {
    file: beside('better-sse'),
    packages: ['better-sse'],
    about: 'better-sse on node:http, with one session per stream',
    waitsForDrain: true,
  },
} satisfies Readonly<Record<string, CatalogEntry>>;

export const catalog: Readonly<Record<string, CatalogEntry>> = rows;
/** The name of a reference server. */
export type ReferenceServerName = keyof typeof rows;
