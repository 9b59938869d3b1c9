/** How undici connects for a stream. */
import { connect, type NetConnectOpts } from 'node:net';
import { buildConnector } from 'undici';
import type { RequestOptions } from '../scenario/request-options.ts';
import { connectWithinMs } from './limits.ts';
import { lookupOnce } from './lookup.ts';
import { carries, trustOf } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';

type Connect = buildConnector.connector;
type BuildOptions = buildConnector.BuildOptions;

interface Connectors {
  own: Connect;
  /** For other origins, after a redirect. */
  elsewhere: Connect;
}
const known = new WeakMap<RequestOptions, Connectors>();

/** Requests with the same options share their connector. */
export function connectorFor({ options, isElsewhere }: StreamRequest): Connect {
  let connectors = known.get(options);
  if (!connectors) known.set(options, (connectors = createConnectors(options)));
  return isElsewhere ? connectors.elsewhere : connectors.own;
}

function createConnectors(options: RequestOptions): Connectors {
  const { socketPath } = options;
  const trust = trustOf(options) as BuildOptions;
  const elsewhere = connectorTo(null, trust);
  return { own: socketPath === null ? elsewhere : connectorTo(socketPath, trust), elsewhere };
}

function connectorTo(socketPath: string | null, trust: BuildOptions): Connect {
  const connector = buildConnector({
    timeout: connectWithinMs,
    allowH2: false,
    lookup: lookupOnce,
    ...(socketPath !== null && { socketPath }),
    ...trust,
  });
  return (target, callback) => {
    if (target.protocol !== 'https:') return connector(target, callback);
    const { hostname: host, port, localAddress } = target;
    // A TCP socket of our own, since only such a socket can be reset.
    const tcp = connect(
      socketPath === null
        ? ({ host, port: Number(port || 443), localAddress, lookup: lookupOnce } as NetConnectOpts)
        : { path: socketPath },
    );
    return connector({ ...target, httpSocket: tcp }, (...result) => {
      if (result[1]) carries(tcp, result[1]);
      else tcp.destroy();
      callback(...result);
    });
  };
}
