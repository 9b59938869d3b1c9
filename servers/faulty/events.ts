/** What the faulty servers share: the interval that a request asks for, and the head of an answer. */

/** Milliseconds between two events: `?interval=` of the request, else a second. */
export function intervalOf(url: string | undefined): number {
  return Number(new URLSearchParams(url?.split('?')[1]).get('interval') ?? 1000);
}

export const eventStream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };
