/** How undici connects for a stream. */
import { connect, type NetConnectOpts } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { RequestOptions } from '../scenario/request-options.ts';
import { connectWithinMs } from './limits.ts';
import { lookupOnce } from './lookup.ts';
import { carries } from './sockets.ts';
import { resumeTls, tlsOptionsOf, type TlsRequest } from './tls.ts';

type Connect = buildConnector.connector;

const known = new WeakMap<RequestOptions, Map<string, Connect>>();

/** Requests with the same options share their connector. */
export function connectorFor(request: TlsRequest): Connect {
  const { url, options, isElsewhere } = request;
  let connectors = known.get(options);
  if (!connectors) known.set(options, (connectors = new Map()));
  const name = `${url.origin} ${isElsewhere}`;
  let connector = connectors.get(name);
  if (!connector) {
    connector = url.protocol === 'https:' ? secureConnector(request) : plainConnector(request);
    connectors.set(name, connector);
  }
  return connector;
}

const socketPathOf = ({ options, isElsewhere }: TlsRequest) =>
  isElsewhere ? null : options.socketPath;

function plainConnector(request: TlsRequest): Connect {
  const socketPath = socketPathOf(request);
  return buildConnector({
    timeout: connectWithinMs,
    allowH2: false,
    lookup: lookupOnce,
    ...(socketPath !== null && { socketPath }),
  });
}

function secureConnector(request: TlsRequest): Connect {
  const socketPath = socketPathOf(request);
  const { servername, ...tls } = tlsOptionsOf(request);
  const connector = buildConnector({
    timeout: connectWithinMs,
    allowH2: false,
    maxCachedSessions: 0, // undici would use one ticket for many streams, until it is collected
    ...(tls as buildConnector.BuildOptions),
  });
  return (target, callback) => {
    const { hostname: host, port, localAddress } = target;
    // A TCP socket of our own, since only such a socket can be reset.
    const tcp = connect(
      socketPath === null
        ? ({ host, port: Number(port || 443), localAddress, lookup: lookupOnce } as NetConnectOpts)
        : { path: socketPath },
    );
    const named = { ...target, ...(servername !== undefined && { servername }) };
    const socket = connector({ ...named, httpSocket: tcp }, (...result) => {
      if (result[1]) carries(tcp, result[1]);
      else tcp.destroy();
      callback(...result);
    });
    // The types of undici do not have the socket that its connector returns.
    resumeTls(request, socket as unknown as TLSSocket);
  };
}
