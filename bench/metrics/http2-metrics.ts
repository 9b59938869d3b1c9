/** Metrics of the connections of HTTP/2. */
import { sum, type Figure, type Metric, type Readings } from './metric.ts';

const only = 'HTTP/2';

const ofHttp2 =
  (figure: (http2: NonNullable<Readings['http2']>) => Figure): Metric['of'] =>
  ({ http2 }) =>
    http2 && figure(http2);

const rows = [
  {
    name: 'connections',
    label: 'connections',
    unit: '',
    group: 'audit',
    only,
    definition: 'Connections of HTTP/2 that were opened in the whole run.',
    of: ofHttp2(({ sessions }) => sessions),
  },
  {
    name: 'streams-per-connection',
    label: 'streams per connection',
    unit: '',
    group: 'audit',
    only,
    definition: 'The most streams that one connection of HTTP/2 had at once.',
    moreIsBetter: true,
    of: ofHttp2(({ mostStreams }) => mostStreams),
  },
  {
    name: 'connection-window',
    label: 'connection window left',
    unit: '%',
    group: 'audit',
    only,
    definition:
      'The least that remained of a connection’s window, which limits what the server may send on all its streams together. ssebench makes it as large as the windows of all its streams (65,535 bytes each), and returns what has been read when half of it is used. Near 0, the client limits the server. Sampled 64 times in each full window.',
    moreIsBetter: true,
    of: ofHttp2(({ windowBytes, leastWindowBytes }) =>
      windowBytes !== null && leastWindowBytes !== null
        ? (100 * leastWindowBytes) / windowBytes
        : undefined,
    ),
  },
  {
    name: 'resets',
    label: 'RST_STREAM',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Streams that the server reset before their response was complete. The failure causes of the report have the codes, and `result.json` counts them.',
    of: ofHttp2(({ resets }) => sum(Object.values(resets))),
  },
  {
    name: 'goaways',
    label: 'GOAWAY',
    unit: '',
    group: 'audit',
    only,
    definition:
      'Connections on which the server sent GOAWAY, with any code: it accepts no other stream there. `result.json` counts the codes.',
    of: ofHttp2(({ goaways }) => sum(Object.values(goaways))),
  },
] as const satisfies readonly Metric[];

export const http2Metrics: readonly Metric[] = rows;
export type Http2Metric = (typeof rows)[number]['name'];
