/** The APIs of the mock server, in the order of the documentation. */
import { openaiChat } from './openai-chat.ts';
import type { WireFormat } from './wire-format.ts';

export const apis: readonly WireFormat[] = [openaiChat];
