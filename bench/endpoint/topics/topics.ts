/**
 * All topics, in the order of the report. A new finding is a row in one of them, and a new topic is a
 * file and a row here.
 */
import { busy } from './busy.ts';
import { caching } from './caching.ts';
import { compression } from './compression.ts';
import { connections } from './connections.ts';
import { cors } from './cors.ts';
import { framing } from './framing.ts';
import { headers } from './headers.ts';
import { heartbeats } from './heartbeats.ts';
import { methods } from './methods.ts';
import { protocol } from './protocol.ts';
import { reconnecting } from './reconnecting.ts';
import { shutdown } from './shutdown.ts';
import { status } from './status.ts';
import { streaming } from './streaming.ts';
import type { Topic } from './topic.ts';

export const topics: readonly Topic[] = [
  busy,
  status,
  headers,
  streaming,
  compression,
  framing,
  heartbeats,
  reconnecting,
  connections,
  methods,
  caching,
  cors,
  protocol,
  shutdown,
];
