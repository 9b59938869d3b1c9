/** The ways to give a server of the user, for help and for the manual about servers. */
import type { Row } from './text-layout.ts';

/** The way with the most metrics comes first. */
export const ownServerWays: readonly Row[] = [
  [
    '--url <url> -- <command>',
    'ssebench starts the server for each round. It measures CPU, memory and sockets held in any language. With Node and Deno, it also measures release and timers held.',
  ],
  [
    '--url <url> --pid <pid>',
    'the same for a server that already runs; ssebench never restarts or ends it',
  ],
  [
    '<url>',
    'only from outside, as clients see the server: time to headers, time to first event, event gaps, failures',
  ],
];
