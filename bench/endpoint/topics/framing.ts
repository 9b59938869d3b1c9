/** Framing: each deviation from the HTML standard, section 9.2.6, with its bytes. */
import type { Severity } from '../../result/endpoint-result.ts';
import type { DeviationKind } from '../frames.ts';
import { counted } from '../numbers.ts';
import type { Observations } from '../observations.ts';
import type { FindingRow, Topic } from './topic.ts';

function evidenceOf(kind: DeviationKind, { first: { frames } }: Observations): string | undefined {
  const count = frames.deviationCounts[kind];
  if (count === undefined) return undefined;
  const shown = frames.deviations
    .filter((deviation) => deviation.kind === kind)
    .map(({ offset, bytes }) => `${bytes} at byte ${offset.toLocaleString('en-US')}`);
  return `${counted(count, 'time')}: ${shown.join('; ')}`;
}

const row = (
  kind: DeviationKind,
  name: string,
  severity: Severity,
  what: string,
  why: string,
  fix: string,
): FindingRow => ({
  name,
  severity,
  what,
  why,
  fix,
  find: (observations) => evidenceOf(kind, observations),
});

const isData = /\bdata\b/;

export const framing: Topic = {
  name: 'framing',
  skip: ({ first: { frames } }) => (frames.bytes === 0 ? 'nothing arrived' : undefined),
  rows: [
    row(
      'missingBlankLine',
      'missing-blank-line',
      'error',
      'A blank line between two events is missing.',
      'A browser dispatches an event only at a blank line, so several events become one or none.',
      'End each event with two line ends: data: …\\n\\n.',
    ),
    row(
      'unfinishedEvent',
      'unfinished-event',
      'error',
      'The response ends in the middle of an event.',
      'Browsers drop an event without a blank line after it, so the last event is lost.',
      'Write the blank line also after the last event, before you end the response.',
    ),
    row(
      'misspeltField',
      'misspelt-field',
      'error',
      'A line has almost the name of a field.',
      'Browsers ignore a line unless it begins with an exact field name in lower case.',
      'Write data:, event:, id: or retry: at the start of the line.',
    ),
    row(
      'bomWithin',
      'bom-within',
      'error',
      'A byte order mark is in the middle of the stream.',
      'It becomes a part of the field name, so browsers ignore the line.',
      'Write UTF-8 without a byte order mark.',
    ),
    row(
      'badUtf8',
      'invalid-utf-8',
      'error',
      'A line is not valid UTF-8.',
      'Browsers replace the invalid bytes, so the data is damaged.',
      'Encode events as UTF-8, and do not cut a text between the bytes of one character.',
    ),
    {
      name: 'no-event',
      severity: 'error',
      what: 'The body contains data, but not one complete event.',
      why: 'Browsers dispatch nothing.',
      fix: 'Send each event as data: …\\n\\n.',
      find: ({ first: { frames } }) => {
        const stray = frames.deviations.find(
          ({ kind, bytes }) => kind === 'unknownField' || isData.test(bytes),
        );
        return frames.events.length === 0 && stray !== undefined
          ? `0 events in ${counted(frames.bytes, 'byte')}, which begin with ${stray.bytes}`
          : undefined;
      },
    },
    row(
      'unknownField',
      'unknown-field',
      'warning',
      'A line has an unknown field.',
      'Browsers ignore the line. Often it is the rest of a text with line breaks.',
      'Write data: before each line of a text, and a colon before each comment.',
    ),
    row(
      'bareCr',
      'bare-cr',
      'warning',
      'A line ends with a bare CR.',
      'The standard allows it, but many clients split only at LF. It also cuts texts that contain CR.',
      'End lines with LF, and replace CR in texts.',
    ),
    row(
      'idWithNul',
      'id-with-nul',
      'warning',
      'An id contains a NUL byte.',
      'Browsers ignore such an id, so a reconnect continues after an older event.',
      'Use ids without NUL.',
    ),
    row(
      'badRetry',
      'bad-retry',
      'warning',
      'A retry is not a number.',
      'Browsers accept only digits, so they ignore the line.',
      'Write whole milliseconds, such as retry: 3000.',
    ),
    row(
      'fieldWithoutColon',
      'field-without-colon',
      'info',
      'A field has no colon.',
      'The standard then uses an empty value. Some clients do not.',
      'Write the colon, also before an empty value.',
    ),
    row(
      'bomAtStart',
      'bom-at-start',
      'info',
      'The stream begins with a byte order mark.',
      'Browsers ignore it. Some clients lose the first event.',
      'Write UTF-8 without a byte order mark.',
    ),
    row(
      'eventWithoutData',
      'event-without-data',
      'info',
      'An event has a type but no data.',
      'Browsers drop an event without data. As a heartbeat it works.',
      'Add data:, or use a comment as heartbeat.',
    ),
  ],
};
