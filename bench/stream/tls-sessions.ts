/** The TLS sessions that servers offer to streams, so that later streams resume them. */
import type { TLSSocket } from 'node:tls';

/** More tickets than this are not needed at once, and each takes 1 to 4 KB. */
const mostTickets = 100;

/** The types of Node have only the option of the same effect, which undici sets once for all. */
type Resumable = TLSSocket & { setSession(session: Buffer): void };

export interface TlsSessions {
  /** Must be called before the socket is connected. It takes a session, and keeps the new ones. */
  use(socket: TLSSocket): void;
}

/**
 * The sessions with one origin. As in browsers, each ticket of TLS 1.3 is used once (RFC 8446,
 * appendix C.4), the newest first. A session of TLS 1.2 is used until there is a newer one.
 */
export function createTlsSessions(): TlsSessions {
  const tickets: Buffer[] = [];
  let reusable: Buffer | undefined;

  /** Tickets of TLS 1.3 arrive after the handshake, usually two. */
  function keep(this: TLSSocket, session: Buffer) {
    if (this.getProtocol() !== 'TLSv1.3') {
      reusable = session;
      return;
    }
    tickets.push(session);
    if (tickets.length > mostTickets) tickets.shift();
  }

  return {
    use(socket) {
      const session = tickets.pop() ?? reusable;
      if (session) (socket as Resumable).setSession(session);
      socket.on('session', keep);
    },
  };
}
