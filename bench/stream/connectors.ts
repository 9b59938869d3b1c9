/** How undici connects for a stream. */
import { connect, type NetConnectOpts } from 'node:net';
import { buildConnector } from 'undici';
import type { RequestOptions } from '../scenario/request-options.ts';
import { connectWithinMs } from './limits.ts';
import { lookupOnce } from './lookup.ts';
import { carries } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';
import { tlsOptionsOf } from './tls.ts';

type Connect = buildConnector.connector;
/** Properties of a request that change its connector. Other origins, after a redirect, have their own. */
type Connecting = Pick<StreamRequest, 'url' | 'options' | 'isElsewhere'>;

const known = new WeakMap<RequestOptions, Map<string, Connect>>();

/** Requests with the same options share their connector. */
export function connectorFor(request: Connecting): Connect {
  const { url, options, isElsewhere } = request;
  let connectors = known.get(options);
  if (!connectors) known.set(options, (connectors = new Map()));
  const name = `${url.protocol}${isElsewhere}`;
  let connector = connectors.get(name);
  if (!connector) {
    connector = url.protocol === 'https:' ? secureConnector(request) : plainConnector(request);
    connectors.set(name, connector);
  }
  return connector;
}

const socketPathOf = ({ options, isElsewhere }: Connecting) =>
  isElsewhere ? null : options.socketPath;

function plainConnector(request: Connecting): Connect {
  const socketPath = socketPathOf(request);
  return buildConnector({
    timeout: connectWithinMs,
    allowH2: false,
    lookup: lookupOnce,
    ...(socketPath !== null && { socketPath }),
  });
}

function secureConnector(request: Connecting): Connect {
  const socketPath = socketPathOf(request);
  const { servername, ...tls } = tlsOptionsOf(request);
  const connector = buildConnector({
    timeout: connectWithinMs,
    allowH2: false,
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
    return connector({ ...named, httpSocket: tcp }, (...result) => {
      if (result[1]) carries(tcp, result[1]);
      else tcp.destroy();
      callback(...result);
    });
  };
}
