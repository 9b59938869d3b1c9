/** Status and content type: whether a browser accepts the response as a stream of events. */
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import type { Topic } from './topic.ts';

const isRedirect = (status: number | null) =>
  status !== null && status >= 300 && status < 400 && status !== 304;

const typeOf = (headers: Readonly<Record<string, string>>) => headers['content-type'] ?? '';

export const status: Topic = {
  name: 'status and content type',
  rows: [
    {
      name: 'redirect',
      severity: 'unjudged',
      what: 'The response is a redirect, so the stream itself was not judged.',
      why: 'Browsers follow a redirect, and ssebench does so only with --follow.',
      fix: 'Add --follow, or check the URL that it redirects to.',
      find: ({ first: { status: code, headers } }) =>
        isRedirect(code)
          ? `status ${code}, to ${urlWithoutSecrets(headers['location'] ?? '(no Location)')}`
          : undefined,
    },
    {
      name: 'status',
      severity: 'error',
      what: 'The status is not 200.',
      why: 'EventSource then fails and does not reconnect; 204 even means “do not reconnect”.',
      fix: 'Send what the endpoint needs (--header, --cookie, --method, --body), or correct the URL.',
      find: ({ first: { status: code, statusText } }) =>
        code !== null && code !== 200 && !isRedirect(code)
          ? `status ${`${code} ${statusText}`.trim()}`
          : undefined,
    },
    {
      name: 'content-type',
      severity: 'error',
      what: 'The content type is not text/event-stream.',
      why: 'EventSource refuses every other type, also if the content is a stream of events.',
      fix: 'Send Content-Type: text/event-stream.',
      find: ({ first: { status: code, headers } }) =>
        code === 200 && !/^\s*text\/event-stream\s*(;|$)/i.test(typeOf(headers))
          ? `Content-Type: ${typeOf(headers) || '(none)'}`
          : undefined,
    },
    {
      name: 'charset',
      severity: 'warning',
      what: 'The content type names a charset other than UTF-8.',
      why: 'Browsers ignore it and decode events as UTF-8, so other characters become wrong.',
      fix: 'Send the events in UTF-8, with charset=utf-8 or without a charset.',
      find: ({ first: { headers } }) => {
        const [, charset] = /charset\s*=\s*"?([^";\s]+)/i.exec(typeOf(headers)) ?? [];
        return charset === undefined || /^utf-?8$/i.test(charset)
          ? undefined
          : `Content-Type: ${typeOf(headers)}`;
      },
    },
  ],
};
