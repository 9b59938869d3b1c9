/** The APIs of the mock server, in the order of the documentation. */
import { agUi } from './ag-ui.ts';
import { aiSdk } from './ai-sdk.ts';
import { anthropic } from './anthropic.ts';
import { mcp } from './mcp.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { WireFormat } from './wire-format.ts';

export const apis: readonly WireFormat[] = [
  openaiChat,
  openaiResponses,
  anthropic,
  aiSdk,
  agUi,
  mcp,
];
