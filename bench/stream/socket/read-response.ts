/** Reads a response from the bytes of its connection: its heads, and then its body. Pure. */
import { faultOfAnswer, faultOfHead } from '../answer.ts';
import type { ResponseHead, StreamResponse } from '../stream-response.ts';
import type { Body } from '../body.ts';
import { unexpectedContinue } from '../failure.ts';
import { longestHeadBytes } from '../limits.ts';
import type { HopObserver } from '../follow-redirects.ts';
import { framingOf, type BodyTaker, type Framing } from './framing.ts';
import { readHead, type HeadReader } from './response-head.ts';

export interface ResponseReader {
  /** Takes the bytes of one read. */
  read(bytes: Buffer, size: number): void;
  /** The server has closed its side. */
  closed(bytesRead: number): void;
}

export const readResponse = (
  response: StreamResponse,
  observer: Pick<HopObserver, 'body'>,
): ResponseReader => new Reader(response, observer);

/** A class, since closures of each stream would take as much memory as its socket. */
class Reader implements ResponseReader, BodyTaker {
  private readonly response: StreamResponse;
  private readonly observer: Pick<HopObserver, 'body'>;
  private head: HeadReader | undefined = readHead();
  /** The text of all heads so far. */
  private heads = '';
  private framing: Framing | undefined = undefined;
  private body: Body | undefined = undefined;
  private isNewRead = false;

  constructor(response: StreamResponse, observer: Pick<HopObserver, 'body'>) {
    this.response = response;
    this.observer = observer;
  }

  read(bytes: Buffer, size: number): void {
    const { response } = this;
    if (response.isOver()) return;
    this.isNewRead = true;
    const at = this.head ? this.readHeads(bytes, size) : 0;
    const { framing } = this;
    if (!framing || response.isOver()) return;
    framing.feed(bytes, at, size);
    const fault = framing.fault();
    if (fault) response.breakOff(() => [fault.cause, fault.message]);
    else if (framing.isOver()) response.end();
  }
  closed(bytesRead: number): void {
    const { response, framing } = this;
    if (response.isOver()) return;
    const missing = framing?.missing();
    if (!framing)
      response.fail('closed before headers', `other side closed, after ${bytesRead} bytes`);
    else if (missing) response.breakOff(() => [missing.cause, missing.message]);
    else response.end();
  }
  /** Takes a piece of the body from the framing. */
  piece(bytes: Buffer, from: number, to: number): void {
    if (this.response.isOver()) return;
    this.observer.body(to - from, this.isNewRead);
    this.isNewRead = false;
    this.body!.feed(bytes, from, to);
  }

  private take(head: ResponseHead): void {
    const { response, heads } = this;
    const { status } = head;
    // The reader has checked everything in the head except a length.
    const hasLength = head.headers['content-length'] !== undefined;
    const fault =
      status === 100
        ? unexpectedContinue
        : (faultOfAnswer(status, heads) ?? (hasLength ? faultOfHead(heads) : undefined));
    if (fault) return response.fail(...fault);
    if (status < 200) {
      this.head = readHead();
      return response.interim(head);
    }
    this.head = undefined;
    this.heads = '';
    response.begin(head);
    this.body = response.body();
    if (!response.isOver()) this.framing = framingOf(head, this);
  }
  /** @returns the number of bytes that belong to heads */
  private readHeads(bytes: Buffer, size: number): number {
    const { response } = this;
    let at = 0;
    while (this.head && at < size && !response.isOver()) {
      const reader = this.head;
      const from = reader.text().length;
      at += reader.feed(bytes, at, size);
      this.heads = (this.heads + reader.text().slice(from)).slice(0, longestHeadBytes);
      const fault = reader.fault();
      const head = reader.head();
      if (fault) response.fail(...(faultOfHead(this.heads) ?? [fault.cause, fault.message]));
      else if (head) this.take(head);
    }
    return at;
  }
}
