/** Shows bytes of a server as evidence. Pure. */
import { textWithoutSecrets } from '../scenario/secrets.ts';

/** Enough to recognize a line. */
const shownBytes = 32;
/** The name of a field and the start of its value. An id may be a session, so it is not readable. */
const readableBytes = (text: string) => (text.startsWith('id') ? 'id'.length : 12);

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 0: '\\0' };

/**
 * The first bytes in quotes. Everything but printable ASCII is escaped, so that each byte is
 * visible: `"data: caf\xE9"`. After the beginning, letters and digits become `x`, because the data
 * of events can be secret.
 */
export function quotedBytes(bytes: Uint8Array): string {
  // A cut could remove the end of a secret, by which it is recognized.
  const text = textWithoutSecrets(Buffer.from(bytes.subarray(0, 1024)).toString('latin1'));
  const readable = readableBytes(text);
  const rest = text.slice(readable, shownBytes).replaceAll(/[A-Za-z0-9]/g, 'x');
  const masked = text.slice(0, readable) + rest;
  const shown = Array.from(masked, (character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16).toUpperCase().padStart(2, '0');
    return escapes[code] ?? (code < 0x20 || code > 0x7e ? `\\x${hex}` : character);
  });
  return `"${shown.join('')}"${text.length > shownBytes ? '…' : ''}`;
}
