/** The ways in which a client leaves a stream: one row each. What a server must clean up after. */
import type { CloseMethod } from './scenario.ts';

export interface DisconnectMode {
  name: string;
  /** For a line of a report: what the client did. */
  about: string;
  method: 'GET' | 'POST';
  /**
   * When each client leaves: after some events; before the answer; at any moment up to twice the time that an answer
   * takes; or when the server can write no more, to a client that does not read.
   */
  when: 'after events' | 'before headers' | 'at random' | 'when blocked';
  /** Whether the server's memory is watched while clients are there that do not read. */
  watchesMemory?: true;
  /** How: by FIN, closing the socket soon after; by reset; by FIN alone, reading on; or with its whole process, killed. */
  closeMethod: CloseMethod;
  /**
   * The network that it is tried in: any; one with small buffers where that can be had, so that a server is held up by
   * clients that do not read; or one of its own, which can be cut.
   */
  network: 'any' | 'small' | 'cut';
  /** Whether it is tried unless `--modes` says otherwise. */
  usual: boolean;
  /** What to change in a server that leaks here. */
  remedy: string;
}

const listen =
  "Clear it when the response closes: res.on('close', …), or finished(res, …) from node:stream.";

export const disconnectModes: readonly DisconnectMode[] = [
  {
    name: 'close',
    about: 'graceful close',
    method: 'GET',
    when: 'after events',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
    remedy: listen,
  },
  {
    name: 'reset',
    about: 'reset',
    method: 'GET',
    when: 'after events',
    closeMethod: 'reset',
    network: 'any',
    usual: true,
    remedy: listen,
  },
  {
    name: 'early',
    about: 'abort before headers',
    method: 'GET',
    when: 'before headers',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
    remedy:
      'Listen for the close before the first await, or ask res.destroyed after it: finished(res, …) from node:stream hears of a client that has already gone.',
  },
  {
    name: 'post',
    about: 'close of a POST with a body',
    method: 'POST',
    when: 'after events',
    closeMethod: 'fin',
    network: 'any',
    usual: true,
    remedy:
      'Listen to the response, not to the request: a request closes when its body has been read. ' +
      listen,
  },
  {
    name: 'kill',
    about: 'kill -9 of the client',
    method: 'GET',
    when: 'after events',
    closeMethod: 'kill',
    network: 'any',
    usual: true,
    remedy: listen,
  },
  {
    name: 'random',
    about: 'abort at a random moment',
    method: 'GET',
    when: 'at random',
    closeMethod: 'fin',
    network: 'any',
    usual: false,
    remedy: 'Listen for the close before the first await, or ask res.destroyed after each.',
  },
  {
    name: 'half-close',
    about: 'half-close',
    method: 'GET',
    when: 'after events',
    closeMethod: 'half-close',
    network: 'any',
    usual: false,
    remedy: listen,
  },
  {
    name: 'blocked',
    about: 'abort under backpressure',
    method: 'GET',
    when: 'when blocked',
    closeMethod: 'reset',
    network: 'small',
    usual: false,
    remedy: 'Whoever waits for a drain must also wait for the close. ' + listen,
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
    remedy: 'When res.write() says false, wait for the drain, drop events, or drop the client.',
  },
  {
    name: 'half-open',
    about: 'half-open: the network fails, and nobody says so',
    method: 'GET',
    when: 'after events',
    closeMethod: 'kill',
    network: 'cut',
    usual: false,
    remedy: 'A write that fails in the end closes the response: ' + listen,
  },
];
