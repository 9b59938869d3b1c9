/**
 * The options about answers: how to read them, and what each should meet. The load kind `answers`
 * has them.
 */
import { z } from 'zod';
import {
  wholeData,
  type AnswerFormat,
  type EndRule,
  type ErrorRule,
} from './apis/answer-format.ts';
import { apiNames, apiOf, formatOf } from './apis/apis.ts';
import {
  accepted,
  refused,
  visible,
  whyUnknown,
  type Checked,
  type Complain,
} from './complaint.ts';
import { whyNoJmespath } from './jmespath.ts';
import type { ConfigurableOption, OptionValues } from './option.ts';
import { textWithoutSecrets } from './secrets.ts';
import { readStreamExpectation, type StreamExpectation } from './stream-expectation.ts';

type TextOption = Pick<ConfigurableOption<string>, 'check' | 'mustInFile' | 'schema' | 'shown'>;

/**
 * An option whose value stays a text, and is read again after all options are known.
 *
 * @param why the reason why a text is invalid, if it is
 */
function checkedText(
  what: string,
  example: string,
  why: (text: string) => string | undefined,
): TextOption {
  return {
    mustInFile: `${what}, such as "${example}"`,
    shown: textWithoutSecrets,
    schema: z.string().refine((text) => text.trim() !== '' && why(text) === undefined),
    check(value, suchAs) {
      if (typeof value !== 'string' || value.trim() === '')
        return refused(`must be ${what}, ${suchAs(example)}`);
      const reason = why(value);
      return reason === undefined ? accepted(value) : refused(reason);
    },
  };
}

/** No JMESPath has a colon there, so neither is taken for a path. */
const [eventPrefix, dataPrefix] = ['event:', 'data:'];
/** A marker such as `[DONE]`. As a JMESPath it would be a list, which is never empty. */
const marker = /^\[\w+\]$/;

/** @returns the rest of a text after this prefix; `undefined` if it begins otherwise */
const after = (prefix: string, text: string): string | undefined =>
  text.startsWith(prefix) ? text.slice(prefix.length).trim() : undefined;

function endRuleOf(text: string): EndRule {
  const name = after(eventPrefix, text);
  if (name !== undefined) return { by: 'event', name };
  const data = marker.test(text) ? text : after(dataPrefix, text);
  return data === undefined ? { by: 'path', path: text } : { by: 'data', text: data };
}

const errorRuleOf = (text: string): ErrorRule => {
  const event = after(eventPrefix, text);
  return event === undefined ? { path: text, event: null } : { path: null, event };
};

const whyNoName = (text: string) =>
  text === '' ? 'has nothing after the colon; give a name, such as event:done' : undefined;

function whyNoEnd(text: string): string | undefined {
  const rule = endRuleOf(text);
  if (rule.by === 'path') return whyNoJmespath(text, "type == 'done'");
  return whyNoName(rule.by === 'event' ? rule.name : rule.text);
}

function whyNoError(text: string): string | undefined {
  const { path, event } = errorRuleOf(text);
  return path === null ? whyNoName(event!) : whyNoJmespath(path, 'error');
}

/** A list in a config file becomes one text with commas. */
const expectationsIn = (text: string): Checked<StreamExpectation>[] =>
  text.split(',').map(readStreamExpectation);

function whyNoExpectations(text: string): string | undefined {
  const reasons = expectationsIn(text).flatMap((read) => (read.ok ? [] : read.complaints));
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** Options of the load kind. Their values are texts, which `answerFormatOf` reads. */
export const answerOptions = {
  api: {
    flags: '--api [name]',
    about: 'the API of the answers, such as openai-chat or anthropic',
    ...checkedText('the name of an API', 'openai-chat', (name) =>
      apiOf(name) ? undefined : whyUnknown('API', name, apiNames),
    ),
    words: apiNames,
  },
  content: {
    flags: '--content [path]',
    about: 'the text of an event: a JMESPath into its JSON data, or @ for all',
    ...checkedText('a JMESPath, or @ for plain text', 'delta.text', (path) =>
      whyNoJmespath(path, 'delta.text'),
    ),
  },
  end: {
    flags: '--end [rule]',
    about: 'the last event: [DONE], data:TEXT, event:NAME, or a JMESPath',
    ...checkedText('data:TEXT, event:NAME, or a JMESPath that is true', '[DONE]', whyNoEnd),
  },
  error: {
    flags: '--error [rule]',
    about: 'error events: event:NAME, or a JMESPath (default: both named error)',
    ...checkedText('event:NAME, or a JMESPath to the error', 'error.message', whyNoError),
  },
  expectStream: {
    flags: '--expect-stream [limit]',
    about: "limits for each answer, such as 'first-token < 500ms'",
    ...checkedText('limits for each answer', 'first-token < 500ms', whyNoExpectations),
    mustInFile: 'limits for each answer, such as ["first-token < 500ms"]',
    schema: z.array(z.string().refine((text) => whyNoExpectations(text) === undefined)),
    many: true,
  },
} satisfies Readonly<Record<string, ConfigurableOption<unknown>>>;

export type AnswerValues = OptionValues<typeof answerOptions>;

/** Complains about options that need another one. */
export function checkAnswerOptions(values: AnswerValues, complain: Complain): void {
  const { api, content, end, error } = values;
  if (api !== undefined || content !== undefined) return;
  for (const [option, value] of Object.entries({ end, error }))
    if (value !== undefined)
      complain(
        `--${option} ${visible(value)}: has no effect without --content or --api; give the path of the text, such as --content delta.text`,
      );
}

/** An event named `error`, and an `error` in the data, are errors unless the user says otherwise. */
const usualError: ErrorRule = { path: 'error', event: 'error' };

/** How answers are read; `null` if no option describes it, so that every event is content. */
export function answerFormatOf({ api, content, end, error }: AnswerValues): AnswerFormat | null {
  const row = api === undefined ? undefined : apiOf(api);
  if (!row && content === undefined) return null;
  const isPlain = content === wholeData;
  const usual: AnswerFormat = row
    ? formatOf(row)
    : {
        api: null,
        content: wholeData,
        reasoning: null,
        end: null,
        // Plain text has no JSON to search.
        error: isPlain ? { ...usualError, path: null } : usualError,
        tokens: null,
        sequence: null,
      };
  return {
    ...usual,
    ...(content !== undefined && { content }),
    ...(end !== undefined && { end: endRuleOf(end) }),
    ...(error !== undefined && { error: errorRuleOf(error) }),
  };
}

/** The limits that each answer should meet. */
export const streamExpectationsOf = ({ expectStream = [] }: AnswerValues): StreamExpectation[] =>
  expectStream.flatMap(expectationsIn).flatMap((read) => (read.ok ? [read.value] : []));
