/** Shows bytes of a server as evidence. Pure. */
import { textWithoutSecrets } from '../scenario/secrets.ts';

/** Enough to recognize a line. */
const shownBytes = 32;

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 0: '\\0' };

/**
 * The first bytes in quotes, without secrets. Everything but printable ASCII is escaped, so that
 * each byte is visible: `"data: caf\xE9"`.
 */
export function quotedBytes(bytes: Uint8Array): string {
  // A cut could remove the end of a secret, by which it is recognized.
  const text = textWithoutSecrets(Buffer.from(bytes.subarray(0, 1024)).toString('latin1'));
  const shown = Array.from(text.slice(0, shownBytes), (character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16).toUpperCase().padStart(2, '0');
    return escapes[code] ?? (code < 0x20 || code > 0x7e ? `\\x${hex}` : character);
  });
  return `"${shown.join('')}"${text.length > shownBytes ? '…' : ''}`;
}
