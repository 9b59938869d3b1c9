/**
 * The live page: serves the charts of the report on loopback during a run, and updates them with
 * Server-Sent Events. It makes the page only between measurements; during a measurement it sends at
 * most one line per second.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { withoutControls } from '../report/shared/escape.ts';
import { pageParts } from '../report/page/page.ts';
import { shell, type PageParts } from '../report/page/shell.ts';
import type { RunResult } from '../result/run-result.ts';
import { findingsOf, type Findings } from '../verdict/findings.ts';

export interface LiveView {
  url: string;
  /** Sends the progress line. */
  progress(line: string): void;
  /**
   * Makes and sends the page again. Takes some tenths of a second of CPU time, so call it only
   * between measurements.
   */
  update(result: RunResult, findings: Findings): void;
  /** Sends the final page and stops the server. Open browsers keep the page. */
  end(result: RunResult, findings: Findings): Promise<void>;
}

/**
 * A viewer that does not read gets nothing new while more bytes than this wait for it: it would read
 * them too late.
 */
const mostWaitingBytes = 1_000_000;
const endWithinMs = 1_000;
const script = () => readFileSync(new URL('follow.js', import.meta.url), 'utf8');

/** @param head the result before the first round */
export async function startLive(head: RunResult): Promise<LiveView> {
  const viewers = new Set<ServerResponse>();
  let parts = pageParts(head, findingsOf(head));
  let line = '';

  const events = {
    page: ({ header, main, data }: PageParts) =>
      eventOf('page', JSON.stringify({ header: header.markup, main: main.markup, data })),
    progress: (text: string) => eventOf('progress', withoutControls(text)),
  };
  const send = (text: string) => {
    for (const viewer of viewers) if (viewer.writableLength < mostWaitingBytes) viewer.write(text);
  };
  function answer({ url, headers }: IncomingMessage, response: ServerResponse) {
    // Prevents DNS rebinding: another site's page could reach this server through a host name that
    // resolves to this machine.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
      return response.writeHead(403).end();
    if (url === '/') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      return response.end(shell(`${head.name}, live · ssebench`, parts, [script()], "'self'"));
    }
    if (url !== '/events') return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(events.page(parts) + events.progress(line));
    viewers.add(response);
    response.on('close', () => viewers.delete(response));
    return response;
  }
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    progress(text) {
      line = text;
      send(events.progress(text));
    },
    update(result, findings) {
      parts = pageParts(result, findings);
      send(events.page(parts));
    },
    async end(result, findings) {
      send(events.page(pageParts(result, findings)));
      for (const viewer of viewers) viewer.end(eventOf('end', ''));
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), endWithinMs);
      await once(server, 'close');
      clearTimeout(timer);
    },
  };
}

const eventOf = (name: string, data: string) => `event: ${name}\ndata: ${data}\n\n`;
