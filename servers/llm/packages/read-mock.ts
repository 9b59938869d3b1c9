/**
 * Reads answers of the mock server with the clients and schemas of the packages, and prints them as
 * JSON. So the wire formats of the mocks are those of the packages.
 * `node servers/llm/packages/read-mock.ts http://127.0.0.1:3000`
 */
import { EventSchemas } from '@ag-ui/core/schemas';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';

const [origin = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const query = 'first=20&every=5&tokens=3';

/** The parts of the message that `useChat` would show. A part that is not in the schema throws. */
async function readAiSdk() {
  const messages: UIMessage[] = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];
  const api = `${origin}/api/chat?${query}&reasoning=2&usage=yes`;
  const stream = await new DefaultChatTransport({ api }).sendMessages({
    chatId: '1',
    messages,
    trigger: 'submit-message',
    messageId: undefined,
    abortSignal: undefined,
  });
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream, terminateOnError: true }))
    last = message;
  const texts = last!.parts.flatMap((part) => ('text' in part ? `${part.type}: ${part.text}` : []));
  return { texts, metadata: last!.metadata };
}

/** The handshake, the tools, and a call that reports its progress. */
async function readMcp() {
  const client = new Client({ name: 'read-mock', version: '1.0.0' });
  const url = new URL(`${origin}/mcp?${query}`);
  await client.connect(new StreamableHTTPClientTransport(url));
  const { tools } = await client.listTools();
  const progress: unknown[] = [];
  const result = await client.callTool({ name: 'answer', arguments: {} }, undefined, {
    onprogress: ({ message }) => progress.push(message),
  });
  await client.close();
  return { tools: tools.map(({ name }) => name), progress, content: result.content };
}

/** The types of the events. An event that is not in the schemas throws. */
async function readAgUi() {
  const body = { threadId: 't', runId: 'r', messages: [], tools: [], context: [] };
  const response = await fetch(`${origin}/agent?${query}&reasoning=2&usage=yes`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const events = (await response.text()).trimEnd().split('\n\n');
  return events.map((event) => EventSchemas.parse(JSON.parse(event.replace('data: ', ''))).type);
}

const [aiSdk, mcp, agUi] = await Promise.all([readAiSdk(), readMcp(), readAgUi()]);
console.log(JSON.stringify({ aiSdk, mcp, agUi }));
