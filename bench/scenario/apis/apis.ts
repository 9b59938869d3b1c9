/** The table of APIs. The options, the help and the docs are derived from it. */
import { agUi } from './ag-ui.ts';
import { aiSdk } from './ai-sdk.ts';
import type { AnswerFormat } from './answer-format.ts';
import { anthropic } from './anthropic.ts';
import type { Api } from './api.ts';
import { mcp } from './mcp.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

/** In the order of help and docs. */
export const apis: readonly Api[] = [openaiChat, openaiResponses, anthropic, aiSdk, agUi, mcp];

export const apiNames: readonly string[] = apis.map(({ name }) => name);

/** @returns the API of this name; `undefined` if there is none */
export const apiOf = (name: string): Api | undefined => apis.find((api) => api.name === name);

/** How the answers of an API are read. */
export const formatOf = (api: Api): AnswerFormat => ({
  api: api.name,
  content: [api.text, ...(api.toolCall === null ? [] : [api.toolCall])]
    .map((path) => `(${path})`)
    .join(' || '),
  reasoning: api.reasoning,
  end: api.end,
  error: api.error,
  tokens: api.tokens,
  sequence: api.sequence,
});
