/**
 * How the events of an answer are read: plain data that is part of a scenario. It comes from a row
 * of the table of APIs, and from options that override it.
 */
import { z } from 'zod';

/** The last event of a complete answer. */
const endRuleSchema = z.discriminatedUnion('by', [
  /** The data of the event is this text. */
  z.object({ by: z.literal('data'), text: z.string() }),
  /** The event has this name. */
  z.object({ by: z.literal('event'), name: z.string() }),
  /** The value at this JMESPath is neither `null`, `false` nor empty. */
  z.object({ by: z.literal('path'), path: z.string() }),
]);
export type EndRule = z.infer<typeof endRuleSchema>;

/** An event that meets one of the two is an error. */
const errorRuleSchema = z.object({
  /** The error is at this JMESPath: any value that is neither `null`, `false` nor empty. */
  path: z.string().nullable(),
  /** Events with this name are errors. */
  event: z.string().nullable(),
});
export type ErrorRule = z.infer<typeof errorRuleSchema>;

/** The path of the whole data, which may be plain text then. Any other path needs JSON. */
export const wholeData = '@';

export const answerFormatSchema = z.object({
  /** The row of the table of APIs; `null` if the user defined the format. */
  api: z.string().nullable(),
  /** A JMESPath to the text of the answer, including tool calls; `@` is the whole data. */
  content: z.string(),
  /** A JMESPath to reasoning and other text before the answer; `null` for none. */
  reasoning: z.string().nullable(),
  /** The event that ends a complete answer; `null` if only the end of the response does. */
  end: endRuleSchema.nullable(),
  error: errorRuleSchema,
  /** A JMESPath to the number of output tokens so far; `null` if unknown. */
  tokens: z.string().nullable(),
  /** The number of an event: a JMESPath, or `id` or `event`; `null` for none. */
  sequence: z.string().nullable(),
});
export type AnswerFormat = z.infer<typeof answerFormatSchema>;
