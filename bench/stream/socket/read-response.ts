/** Reads a response from the bytes of its connection: its heads, and then its body. Pure. */
import { faultOfAnswer, faultOfHead } from '../answer.ts';
import type { ResponseHead, StreamResponse } from '../stream-response.ts';
import type { Body } from '../body.ts';
import { unexpectedContinue } from '../failure.ts';
import { longestHeadBytes } from '../limits.ts';
import type { HopObserver } from '../follow-redirects.ts';
import { framingOf, type Framing } from './framing.ts';
import { readHead, type HeadReader } from './response-head.ts';

export interface ResponseReader {
  /** Takes the bytes of one read. */
  read(bytes: Buffer, size: number): void;
  /** The server has closed its side. */
  closed(bytesRead: number): void;
}

export function readResponse(
  response: StreamResponse,
  observer: Pick<HopObserver, 'body'>,
): ResponseReader {
  let reader: HeadReader | undefined = readHead();
  let framing: Framing | undefined;
  let isNewRead = false;
  let body: Body | undefined;
  /** The text of all heads so far. */
  let heads = '';

  function piece(bytes: Buffer, from: number, to: number) {
    if (response.isOver()) return;
    observer.body(to - from, isNewRead);
    isNewRead = false;
    body!.feed(bytes, from, to);
  }
  function take(head: ResponseHead) {
    const { status } = head;
    const fault =
      status === 100 ? unexpectedContinue : (faultOfAnswer(status, heads) ?? faultOfHead(heads));
    if (fault) return response.fail(...fault);
    if (status < 200) {
      reader = readHead();
      return response.interim(head);
    }
    reader = undefined;
    heads = '';
    response.begin(head);
    body = response.body();
    if (!response.isOver()) framing = framingOf(head, piece);
  }
  /** @returns the number of bytes that belong to heads */
  function readHeads(bytes: Buffer, size: number): number {
    let at = 0;
    while (reader && at < size && !response.isOver()) {
      const from = reader.text().length;
      at += reader.feed(bytes, at, size);
      heads = (heads + reader.text().slice(from)).slice(0, longestHeadBytes);
      const fault = reader.fault();
      const head = reader.head();
      if (fault) response.fail(...(faultOfHead(heads) ?? [fault.cause, fault.message]));
      else if (head) take(head);
    }
    return at;
  }
  return {
    read(bytes, size) {
      if (response.isOver()) return;
      isNewRead = true;
      const at = reader ? readHeads(bytes, size) : 0;
      if (!framing || response.isOver()) return;
      framing.feed(bytes, at, size);
      const fault = framing.fault();
      if (fault) response.breakOff(() => [fault.cause, fault.message]);
      else if (framing.isOver()) response.end();
    },
    closed(bytesRead) {
      if (response.isOver()) return;
      const missing = framing?.missing();
      if (!framing)
        response.fail('closed before headers', `other side closed, after ${bytesRead} bytes`);
      else if (missing) response.breakOff(() => [missing.cause, missing.message]);
      else response.end();
    },
  };
}
