/** The list `servers` of a config file: names, URLs, and servers of the user. Pure. */
import { visible, visibleValue } from '../complaint.ts';
import { whyNoOwnServer, type OwnServerInFile } from './schema.ts';

export interface ServerList {
  /** The names and URLs in their order; an own server is its name. */
  servers: string[];
  /** Absent if there are none. */
  ownServers?: OwnServerInFile[];
  complaints: string[];
}

const requirement =
  'a name of a reference server, a URL, or an own server, such as { "name": "new", "url": "http://127.0.0.1:3000/event" }';

/** A list may have secrets in it. */
const shownEntry = (entry: unknown) => (typeof entry === 'object' ? '' : ` ${visibleValue(entry)}`);

/**
 * @param file its name, for complaints
 * @returns `undefined` if this is no list
 */
export function readServerList(file: string, list: unknown): ServerList | undefined {
  if (list === undefined) return { servers: [], complaints: [] };
  if (!Array.isArray(list)) return undefined;
  const complaints: string[] = [];
  const ownServers: OwnServerInFile[] = [];
  const servers: string[] = [];
  for (const [place, entry] of (list as unknown[]).entries()) {
    const at = `${file}: servers[${place}]`;
    if (typeof entry === 'string') {
      servers.push(entry);
      continue;
    }
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      complaints.push(`${at}${shownEntry(entry)}: must be ${requirement}`);
      continue;
    }
    const wrong = whyNoOwnServer(at, entry);
    complaints.push(...wrong);
    if (wrong.length > 0) continue;
    const own = { ...(entry as Omit<OwnServerInFile, 'at'>), at };
    if (ownServers.some(({ name }) => name === own.name))
      complaints.push(
        `${at}.name ${visible(own.name)}: given twice; give each server its own name`,
      );
    else {
      ownServers.push(own);
      servers.push(own.name);
    }
  }
  return { servers, ...(ownServers.length > 0 && { ownServers }), complaints };
}
