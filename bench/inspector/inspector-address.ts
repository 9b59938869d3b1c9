/** The address of an inspector, as it gives it to whoever asks at its port. */
import { request } from 'undici';
import { hostIn, type Listener } from '../system/listeners.ts';

const answerWithinMs = 1_000;
/** Read without a parser: the list holds the path of the program, in which Node does not escape control characters. */
const debuggerPath = /"webSocketDebuggerUrl"\s*:\s*"ws:\/\/[^/"]*((?:\/[\w-]+)+)"/;

/** @returns `undefined` where no inspector answers, or where it does not give its address away */
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

/** What listens at all addresses is asked at that of this machine. */
const reachable: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
