/** Reads the events of an answer: whether they have content, end the answer, or are an error. */
import { wholeData, type AnswerFormat, type EndRule } from '../../scenario/apis/answer-format.ts';
import { isIntoData, numberOf, parsed, searchFor, type Search } from './at-path.ts';

export interface AnswerEvent {
  /** The channel of the text in this event; `undefined` if it has none. */
  content: 'answer' | 'reasoning' | undefined;
  /** Whether this event ends a complete answer. It may have content too. */
  isEnd: boolean;
  /** The error as the server sent it, so it may have secrets; `undefined` if there is none. */
  error: string | undefined;
  /** The output tokens of the answer so far, which replaces an earlier number; at least 1. */
  tokens: number | undefined;
  /** The number of the event in its stream; `undefined` if it has none. */
  number: number | undefined;
}

/** Reads one event. Its name and id are `undefined` without the field. */
export type AnswerReader = (
  data: string,
  name: string | undefined,
  id: string | undefined,
) => AnswerEvent;

/** Servers may send a whole page as an error. */
const longestError = 200;

/**
 * Compiles the paths of a format. JSON is parsed once for each event, and not at all for plain text.
 *
 * @throws if a path does not compile, which reading the options prevents
 */
export function answerReader(format: AnswerFormat): AnswerReader {
  const { content, reasoning, end, error, tokens, sequence } = format;
  const isPlain = content === wholeData;
  const answerIn = isPlain ? undefined : searchFor(content);
  const [reasoningIn, errorIn, tokensIn, numberIn] = [reasoning, error.path, tokens, sequence].map(
    (path) => (path === null ? undefined : searchFor(path)),
  );
  const endsAnswer = endIn(end);
  const needsJson =
    !isPlain || end?.by === 'path' || [reasoning, error.path, tokens, sequence].some(isIntoData);

  const channelOf = (data: string, json: unknown): AnswerEvent['content'] => {
    if (isPlain ? data !== '' : isText(answerIn!(json, undefined, undefined))) return 'answer';
    return isText(reasoningIn?.(json, undefined, undefined)) ? 'reasoning' : undefined;
  };

  return (data, name, id) => {
    const json = needsJson ? parsed(data) : undefined;
    const isEnd = endsAnswer(data, json, name);
    const found = errorIn?.(json, id, name);
    const isNamed = error.event !== null && name === error.event;
    const count = numberOf(tokensIn?.(json, id, name));
    return {
      // The end marker and errors of plain text are no content.
      content: isPlain && (isEnd || isNamed) ? undefined : channelOf(data, json),
      isEnd,
      error: isSomething(found) ? errorText(found) : isNamed ? errorText(json ?? data) : undefined,
      tokens: count !== undefined && count > 0 ? count : undefined,
      number: numberOf(numberIn?.(json, id, name)),
    };
  };
}

type IsEnd = (data: string, json: unknown, name: string | undefined) => boolean;

function endIn(end: EndRule | null): IsEnd {
  if (end === null) return () => false;
  if (end.by === 'data') return (data) => data === end.text;
  if (end.by === 'event') return (_data, _json, name) => name === end.name;
  const search: Search = searchFor(end.path);
  return (_data, json) => isSomething(search(json, undefined, undefined));
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** `null`, `false`, `""`, `[]` and `{}` are nothing. */
function isSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** A short text about an error, which servers send as a text or as an object. */
function errorText(value: unknown): string {
  const object = typeof value === 'object' && value !== null ? value : {};
  const { code, type, message, error } = object as Partial<Record<string, unknown>>;
  if (typeof error === 'object' && error !== null) return errorText(error);
  const parts = [type === 'error' ? '' : type, code, message, error].filter(
    (part) => isText(part) || typeof part === 'number',
  );
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  return (parts.length > 0 ? parts.join(': ') : whole).slice(0, longestError);
}
