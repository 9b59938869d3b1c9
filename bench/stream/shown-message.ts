/** Messages of failed streams, which may repeat what the server or the user sent. Pure. */
import { secretsInRequest, withoutKnownSecrets } from '../scenario/known-secrets.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { StreamRequest } from './stream-request.ts';

/** A message may quote headers, which can have 16 KiB. */
const longestMessage = 200;
/** Shorter values of rows occur in any text. */
const leastOfRow = 3;

type Sent = Pick<StreamRequest, 'url' | 'headers' | 'body' | 'row'>;

/**
 * Shortens a message, and hides secrets, also those that the server received.
 *
 * @param request before any redirect, because a redirect may remove its credentials
 */
export const shownMessage = (message: string, request: Sent): string =>
  textWithoutSecrets(withoutKnownSecrets(message, secretsOf(request))).slice(0, longestMessage);

const secretsOf = ({ row = {}, ...request }: Sent): string[] => [
  ...Object.values(row).filter(({ length }) => length >= leastOfRow),
  ...secretsInRequest(request),
];
