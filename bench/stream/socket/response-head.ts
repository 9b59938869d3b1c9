/**
 * Reads the head of a response: the status line and the headers, from bytes cut anywhere. Pure.
 *
 * It is as strict as undici: each line ends with CR LF, and a header does not continue on the next
 * line (RFC 9112, sections 2.2 and 5.2).
 */
import { maxHeaderSize } from 'node:http';
import { headerLine, quoted } from '../answer.ts';
import { longestHeadBytes, mostHeaderLines } from '../limits.ts';
import type { ResponseHead } from '../stream-response.ts';

/** The failure of a head that cannot be read. */
export type HeadFault = { cause: 'not HTTP' | 'headers too long'; message: string };

export interface HeadReader {
  /**
   * Takes bytes until the head ends.
   *
   * @returns the number of bytes taken; all of them, unless the head or a fault ends before
   */
  feed(bytes: Buffer, from: number, to: number): number;
  /** The head, once it has ended. */
  head(): ResponseHead | undefined;
  fault(): HeadFault | undefined;
  /** The text so far, at most 32 KiB. */
  text(): string;
}

const LF = 10;

const statusLine = /^HTTP\/1\.[01] ([0-9]{3})(?: ([^\r\n]*))?$/;
export function readHead(): HeadReader {
  let text = '';
  let lineAt = 0;
  let headerBytes = 0;
  let lines = 0;
  let head: ResponseHead | undefined;
  let isOver = false;
  let fault: HeadFault | undefined;

  function refuse(cause: HeadFault['cause'], message: string) {
    isOver = true;
    fault = { cause, message };
  }

  function takeStatus(line: string) {
    if (line === '') return; // allowed before the status line (RFC 9112, section 2.2)
    const [, status, statusText = ''] = statusLine.exec(line) ?? [];
    if (status === undefined) return refuse('not HTTP', `Invalid status line ${quoted(line)}`);
    head = { status: Number(status), statusText, headers: {} };
  }
  function takeHeader(headers: ResponseHead['headers'], line: string) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined) return refuse('not HTTP', `Invalid header ${quoted(line)}`);
    headerBytes += name.length + value!.length;
    const key = name.toLowerCase();
    const before = headers[key];
    const trimmed = value!.trimEnd();
    headers[key] = before === undefined ? trimmed : [before, trimmed].flat();
  }
  function takeLine(line: string) {
    lines++;
    if (head === undefined) takeStatus(line);
    else if (line === '') isOver = true;
    else takeHeader(head.headers, line);
  }
  /** Refuses a head as soon as it is too long, also in the middle of a line. */
  function checkLength() {
    if (fault) return;
    const restBytes = head ? contentBytes(text, lineAt) : 0;
    if (headerBytes + restBytes > maxHeaderSize)
      refuse('headers too long', `more than ${maxHeaderSize / 1024} KiB of headers`);
    else if (text.length > longestHeadBytes)
      refuse(
        'headers too long',
        `more than ${longestHeadBytes / 1024} KiB without the end of the headers`,
      );
    else if (lines > mostHeaderLines)
      refuse('headers too long', `more than ${mostHeaderLines} header lines`);
  }

  return {
    feed(bytes, from, to) {
      let at = from;
      while (at < to && !isOver) {
        const end = bytes.indexOf(LF, at);
        const next = end < 0 || end >= to ? to : end + 1;
        text += bytes.toString('latin1', at, Math.min(next, at + longestHeadBytes + 1));
        at = next;
        if (text.endsWith('\r\n')) {
          takeLine(text.slice(lineAt, -2));
          lineAt = text.length;
        } else if (isBrokenEnd(text.slice(lineAt)))
          refuse('not HTTP', `Invalid end of line in ${quoted(text.slice(lineAt))}`);
        else if (head === undefined && !isStartOfHttp(text.slice(lineAt)))
          refuse('not HTTP', `Invalid status line ${quoted(text.slice(lineAt))}`);
        checkLength();
      }
      return at - from;
    },
    head: () => (isOver && !fault ? head : undefined),
    fault: () => fault,
    text: () => text,
  };
}

/** Whether a part of a line has CR or LF, but not both as its end. */
export const isBrokenEnd = (line: string): boolean => /\r[^\n]|(?<!\r)\n/.test(line);

/** Bytes of an unfinished header that belong to its name or its value. */
function contentBytes(text: string, from: number): number {
  const bytes = text.length - from;
  if (bytes <= maxHeaderSize / 2) return bytes; // no need to be exact
  return bytes - /^[^:]*(:[ \t]*)?/.exec(text.slice(from))![0].length;
}

const protocol = 'HTTP/1.';
/** Whether a part of a line can become a status line. A server that waits must not wait forever. */
const isStartOfHttp = (text: string) =>
  text === '\r' || protocol.startsWith(text.slice(0, protocol.length));
