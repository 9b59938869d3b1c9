/** Reads the events out of a body: bytes in, however they are cut, events and comments out. */
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';

export interface EventObserver {
  event(data: string): void;
  comment(): void;
  /** So much has come without the end of an event that no more of it is kept. Final. */
  tooLong(message: string): void;
}

export interface EventReader {
  /** Takes the next bytes of the body. */
  feed(bytes: Uint8Array): void;
  /** No more will come: lets go of what is incomplete. */
  close(): void;
}

const MiB = 2 ** 20;
/** What one stream may bring without the end of an event. The reference servers' longest event is 1 MiB. */
export const longestEventBytes = 16 * MiB;
/** What all streams of this process together may hold of incomplete events; a thousand endless ones would fill any memory. */
const heldBytesLimit = 256 * MiB;

let heldBytesOfAll = 0;

const LF = 10;
const CR = 13;
const byteOrderMark = '\ufeff';

/** Follows the rules of the HTML standard, section 9.2.6; an unfinished event at the end is dropped. */
export function createEventReader(observer: EventObserver): EventReader {
  const decoder = new StringDecoder('utf8');
  let atStart = true;
  let complete = false;
  let heldBytes = 0;

  const parser = createParser({
    onEvent({ data }) {
      complete = true;
      observer.event(data);
    },
    onComment() {
      complete = true;
      observer.comment();
    },
  });
  // It would take the characters "ï»¿" at the start for a byte order mark; an empty line ends its search for one.
  parser.feed('\n');

  function hold(bytes: number) {
    heldBytesOfAll += bytes - heldBytes;
    heldBytes = bytes;
    if (bytes > longestEventBytes) observer.tooLong(`over ${longestEventBytes / MiB} MiB without the end of an event`);
    else if (bytes > 0 && heldBytesOfAll > heldBytesLimit) {
      observer.tooLong(`over ${heldBytesLimit / MiB} MiB of events without end, in all streams of a generator together`);
    }
  }

  return {
    feed(bytes) {
      let text = decoder.write(bytes as Buffer);
      if (atStart && text !== '') {
        atStart = false;
        if (text.startsWith(byteOrderMark)) text = text.slice(1);
      }
      complete = false;
      parser.feed(text);
      const last = bytes.at(-1);
      // Counted in bytes since the last event or comment, which is never too little.
      if (complete && (last === LF || last === CR)) hold(0);
      else hold(bytes.length + (complete ? 0 : heldBytes));
    },
    close: () => hold(0),
  };
}
