/** Resolves the names of this machine once for each process. */
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLocalName } from '../scenario/local-hosts.ts';

type Done = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** By name and options. */
const found = new Map<string, LookupAddress[]>();
const waiting = new Map<string, Done[]>();

/**
 * A lookup for connections. The system resolves a name in a thread, which would delay each of a
 * thousand streams that start at once. `localhost` has the same addresses for all of them, in the
 * order in which Node tries them. Other names are resolved for each connection, since their servers
 * may distribute the load by this.
 */
export const lookupOnce: LookupFunction = (name, options, callback) => {
  const { all = false, ...others } = options as LookupOptions;
  if (!isLocalName(name)) return lookup(name, { ...others, all }, callback as never);
  const key = JSON.stringify([name, others]);
  const done: Done = (error, addresses) => {
    if (error) callback(error, '');
    else if (all) callback(null, addresses);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
  const known = found.get(key);
  if (known) return process.nextTick(done, null, known);
  if (waiting.get(key)?.push(done)) return undefined;
  waiting.set(key, [done]);
  return lookup(name, { ...others, all: true }, (error, addresses) => {
    if (!error) found.set(key, addresses);
    const those = waiting.get(key)!;
    waiting.delete(key);
    for (const each of those) each(error, addresses);
  });
};
