/** Shared by the faulty servers: the interval of a request, and the head of an answer. */

/** Milliseconds between two events: `?interval=` of the request, or 1,000. */
export function intervalOf(url: string | undefined): number {
  return Number(new URLSearchParams(url?.split('?')[1]).get('interval') ?? 1000);
}

export const eventStream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };
