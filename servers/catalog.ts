/** The reference servers: one row each, and the only place that lists them. Data, and nothing that runs. */

import { fileURLToPath } from 'node:url';

const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** How to start a reference server, and what it stands for. */
export interface CatalogEntry {
  /** The file that `node` runs. */
  file: string;
  /** The npm packages whose versions a result must name; none for Node's own modules. */
  packages: readonly string[];
  /** One line for people: what a reader may learn from this row. */
  about: string;
  /** Whether it waits for a slow reader at `interval=0`, rather than queue events in memory. */
  waitsForDrain: boolean;
}

/** Name → server, in the order in which tables show them. */
export const catalog: Readonly<Record<string, CatalogEntry>> = {
  floor: {
    file: beside('floor.ts'),
    packages: [],
    about: 'a bare node:net socket with hand-written frames: what no framework can beat',
    waitsForDrain: true,
  },
  'node-http': {
    file: beside('node-http.ts'),
    packages: [],
    about: 'node:http and nothing else',
    waitsForDrain: true,
  },
  express: {
    file: beside('express.ts'),
    packages: ['express'],
    about: 'Express 5, the example that it all started from: headers leave with the first event',
    waitsForDrain: true,
  },
  fastify: {
    file: beside('fastify.ts'),
    packages: ['fastify'],
    about: 'Fastify 5, writing to the hijacked reply',
    waitsForDrain: true,
  },
  hono: {
    file: beside('hono.ts'),
    packages: ['hono', '@hono/node-server'],
    about: 'Hono 4 on its Node adapter, with streamSSE',
    waitsForDrain: true,
  },
  koa: {
    file: beside('koa.ts'),
    packages: ['koa'],
    about: 'Koa 3, with a PassThrough stream as the body',
    waitsForDrain: true,
  },
  h3: {
    file: beside('h3.ts'),
    packages: ['h3', 'srvx'],
    about: 'h3 2 (the core of Nuxt and Nitro), with its EventStream: headers leave with the first event',
    waitsForDrain: true,
  },
  nest: {
    file: beside('nest.ts'),
    packages: ['@nestjs/core', '@nestjs/platform-express', 'rxjs'],
    about: 'NestJS 12 on Express, with @Sse and an Observable, which cannot be paused',
    waitsForDrain: false,
  },
  'better-sse': {
    file: beside('better-sse.ts'),
    packages: ['better-sse'],
    about: 'better-sse on node:http, with a session for each stream',
    waitsForDrain: true,
  },
};
