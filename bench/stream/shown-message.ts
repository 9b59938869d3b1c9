/** Messages of failed streams, which may repeat what the server or the user sent. Pure. */
import { hidden, textWithoutSecrets } from '../scenario/secrets.ts';
import { inUrl } from '../scenario/templates.ts';
import type { StreamRequest } from './stream-request.ts';

/** A message may quote headers, which can have 16 KiB. */
const longestMessage = 200;
/** Shorter values of rows occur in any text. */
const leastCharacters = 3;

/** Shortens a message, and hides secrets and the values of the stream's row. */
export const shownMessage = (message: string, request: Pick<StreamRequest, 'row'>): string =>
  textWithoutSecrets(withoutRow(message, request)).slice(0, longestMessage);

/** The server may repeat the values, also as they are written in a URL. */
function withoutRow(message: string, { row }: Pick<StreamRequest, 'row'>): string {
  const values = Object.values(row ?? {}).filter(({ length }) => length >= leastCharacters);
  const written = values.flatMap((value) => [value, inUrl(value), encodeURI(value.toWellFormed())]);
  return written
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, hidden), message);
}
