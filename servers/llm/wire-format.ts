/** The interface of an API for the mock servers, and how its events are written. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Script, SpecialOption } from './script.ts';
import type { Step } from './steps.ts';

/** A request with a valid script and a JSON object as its body. */
export interface ApiRequest {
  headers: IncomingHttpHeaders;
  body: Readonly<Record<string, unknown>>;
  /** The number of the request in this process, from 0. Ids are made of it. */
  number: number;
  /** Seconds of the wall clock. */
  nowS: number;
}

/** A response with a JSON body, or without a body. */
export interface PlainReply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** An event stream. `encode` is called for each step in turn, and may have a state. */
export interface StreamReply {
  headers: Readonly<Record<string, string>>;
  /** @returns frames with `\n` as the line end; an empty text sends nothing */
  encode: (step: Step) => string;
}

/** One API. */
export interface WireFormat {
  /** The name of the API for `--api`. */
  api: string;
  path: string;
  /** The options of the script that not every API has. */
  special: readonly SpecialOption[];
  /** The key in the headers of a request. */
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /** The header that a client must send the key in, for the message. */
  keyHeader: string;
  /** The body of a response that refuses a request. */
  refusal(status: number, message: string): unknown;
  answer(request: ApiRequest, script: Script): PlainReply | StreamReply;
}

/** Tokens of the prompt in every `usage`. The mock servers do not read the prompt. */
export const promptTokens = 10;

/** The head of an event stream. */
export const eventStream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

/** One event. `data` is sent as JSON, or as it is if it is a text. */
export function frame(data: unknown, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** The key in `Authorization: Bearer KEY`. */
export const bearer = {
  keyOf: ({ authorization }: IncomingHttpHeaders) => /^Bearer (.+)$/.exec(authorization ?? '')?.[1],
  keyHeader: 'Authorization: Bearer KEY',
};

/** The body of OpenAI's errors. */
export const openaiRefusal = (status: number, message: string) => ({
  error: {
    message,
    type: 'invalid_request_error',
    param: null,
    code: status === 401 ? 'invalid_api_key' : null,
  },
});

/** A condition for a field of a body. */
export interface Requirement {
  field: string;
  holds: (value: unknown) => boolean;
  /** The instruction for a user whose body is refused. */
  solution: string;
}

/** For APIs that answer without a stream by default. */
export const isStreaming: Requirement = {
  field: 'stream',
  holds: (value) => value === true,
  solution: 'write true; the mock only streams',
};

/** @returns a sentence for each field of the body that is wrong, or `undefined` */
export function whyWrongBody(
  body: Readonly<Record<string, unknown>>,
  requirements: readonly Requirement[],
): string | undefined {
  const wrong = requirements.filter(({ field, holds }) => !holds(body[field]));
  if (wrong.length === 0) return undefined;
  return wrong
    .map(({ field, solution }) => {
      const found = JSON.stringify(body[field])?.slice(0, 40);
      return `${field}: is ${found ?? 'missing'}; ${solution}`;
    })
    .join('\n');
}
