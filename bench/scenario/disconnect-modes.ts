/** The disconnect modes of clients, after each of which a server must clean up: one row each. */
import type { CloseMethod } from './scenario.ts';

export interface DisconnectMode {
  name: string;
  /** The action of the client, for a line of a report. */
  about: string;
  method: 'GET' | 'POST';
  /**
   * When each client disconnects. `at random` is a random moment within twice the time of a
   * response. A client that disconnects `when blocked` does not read until the writes of the server
   * are blocked.
   */
  when: 'after events' | 'before headers' | 'at random' | 'when blocked';
  /** Whether clients read on until ssebench has measured the server's memory. */
  staysOpen?: true;
  /** Whether ssebench also measures the server's memory while clients do not read. */
  watchesMemory?: true;
  /** How each client disconnects; see `closeMethods`. */
  closeMethod: CloseMethod;
  /**
   * The network for this mode: any; one with small buffers if available, so that clients that do
   * not read block the server; or a separate one that can be cut.
   */
  network: 'any' | 'small' | 'cut';
  /** Whether the mode is tried unless `--modes` is given. */
  usual: boolean;
}

const rows = [
  {
    name: 'close',
    about: 'graceful close',
    method: 'GET',
    when: 'after events',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
  },
  {
    name: 'reset',
    about: 'reset',
    method: 'GET',
    when: 'after events',
    closeMethod: 'reset',
    network: 'any',
    usual: true,
  },
  {
    name: 'early',
    about: 'abort before headers',
    method: 'GET',
    when: 'before headers',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
  },
  {
    name: 'post',
    about: 'close of a POST with a body',
    method: 'POST',
    when: 'after events',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
  },
  {
    name: 'kill',
    about: 'kill -9 of the client',
    method: 'GET',
    when: 'after events',
    closeMethod: 'kill',
    network: 'any',
    usual: true,
  },
  {
    name: 'random',
    about: 'abort at a random moment',
    method: 'GET',
    when: 'at random',
    closeMethod: 'fin',
    network: 'any',
    usual: false,
  },
  {
    name: 'half-close',
    about: 'half-close',
    method: 'GET',
    when: 'after events',
    closeMethod: 'half-close',
    network: 'any',
    usual: false,
  },
  {
    name: 'blocked',
    about: 'abort under backpressure',
    method: 'GET',
    when: 'when blocked',
    closeMethod: 'reset',
    network: 'small',
    usual: false,
  },
  {
    name: 'stop-reading',
    about: 'stop reading',
    method: 'GET',
    when: 'when blocked',
    closeMethod: 'reset',
    network: 'small',
    watchesMemory: true,
    usual: false,
  },
  {
    name: 'hold',
    about: 'streams that stay open',
    method: 'GET',
    when: 'after events',
    staysOpen: true,
    closeMethod: 'fin',
    network: 'any',
    usual: false,
  },
  {
    name: 'half-open',
    about: 'half-open: connection lost without FIN or RST',
    method: 'GET',
    when: 'after events',
    closeMethod: 'kill',
    network: 'cut',
    usual: false,
  },
] as const satisfies readonly DisconnectMode[];

export type DisconnectModeName = (typeof rows)[number]['name'];
export const disconnectModes: readonly (DisconnectMode & { name: DisconnectModeName })[] = rows;
