/** Asks an inspector for its address, through its port. */
import { request } from 'undici';
import { hostIn, type Listener } from '../system/listeners.ts';

const answerWithinMs = 5_000;
/**
 * A regular expression instead of a parser: the list contains the program's path, in which Node
 * does not escape control characters.
 */
const debuggerPath = /"webSocketDebuggerUrl"\s*:\s*"ws:\/\/[^/"]*((?:\/[\w-]+)+)"/;

/** @returns `undefined` if no inspector answers, or if it does not reveal its address */
export async function inspectorAddressAt({
  address,
  port,
}: Pick<Listener, 'address' | 'port'>): Promise<string | undefined> {
  const place = `${hostIn(reachable[address] ?? address)}:${port}`;
  try {
    const { body } = await request(`http://${place}/json/list`, {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const path = debuggerPath.exec(await body.text())?.[1];
    return path && `ws://${place}${path}`;
  } catch {
    return undefined;
  }
}

/** For a listener on all addresses, the address to contact on this machine. */
const reachable: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
