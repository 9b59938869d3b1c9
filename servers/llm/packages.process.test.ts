/**
 * The packages of the APIs, if they are installed: the streams of servers with them, and their work
 * after a disconnect. Their clients also read the mock server.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launch } from '../../bench/system/launch.ts';
import { ask, startMockServer } from '../../bench/tests/fixtures/helpers/mock-server.ts';

const folder = fileURLToPath(new URL('packages/', import.meta.url));
const isInstalled = existsSync(`${folder}node_modules/ai`);
const whySkipped = `the packages are not installed; run npm ci in ${folder}`;

interface Case {
  name: string;
  path: string;
  body: object;
  headers?: Record<string, string>;
  tokenOf: (event: Record<string, unknown>) => unknown;
  isEnd: (data: string) => boolean;
}

const cases: readonly Case[] = [
  {
    name: 'ai-sdk',
    path: '/api/chat',
    body: { messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hello' }] }] },
    tokenOf: ({ type, delta }) => (type === 'text-delta' ? delta : undefined),
    isEnd: (data) => data === '[DONE]',
  },
  {
    name: 'mcp',
    path: '/mcp',
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'answer', _meta: { progressToken: 'p' } },
    },
    headers: {
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
    },
    tokenOf: ({ params }) => (params as { message?: string } | undefined)?.message,
    isEnd: (data) => 'result' in (JSON.parse(data) as object),
  },
  {
    name: 'ag-ui',
    path: '/agent',
    body: { threadId: 't', runId: 'r', messages: [], tools: [], context: [] },
    tokenOf: ({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? delta : undefined),
    isEnd: (data) => (JSON.parse(data) as { type: string }).type === 'RUN_FINISHED',
  },
];

beforeEach((context) => context.skip(!isInstalled, whySkipped));

describe.each(cases)('$name', ({ name, path, body, headers = {}, tokenOf, isEnd }) => {
  let child: ReturnType<typeof launch>;
  let origin: string;
  const ends: number[] = [];

  beforeAll(async () => {
    if (!isInstalled) return;
    child = launch([process.execPath, `${folder}${name}.ts`, '--port', '0'], {
      cores: undefined,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = Promise.withResolvers<string>();
    createInterface(child.stdout!).on('line', (line) => {
      const listening = /^Server is running on port (\d+)$/.exec(line)?.[1];
      if (listening !== undefined) port.resolve(listening);
      const end = /^Work ended after (\d+) of 50 tokens$/.exec(line)?.[1];
      if (end !== undefined) ends.push(Number(end));
    });
    origin = `http://127.0.0.1:${await port.promise}`;
  });
  afterAll(async () => {
    if (!isInstalled) return;
    child.kill();
    await once(child, 'close');
  });

  test('50 tokens come 20 ms apart, and then the end', async () => {
    const { status, headers: got, events } = await ask(`${origin}${path}`, body, { headers });
    expect(status).toBe(200);
    expect(got['content-type']).toBe('text/event-stream');
    const tokens = events.flatMap(({ data, atMs }) => {
      const token = data === '[DONE]' ? undefined : tokenOf(JSON.parse(data) as never);
      return token === undefined ? [] : [{ token, atMs }];
    });
    expect(tokens.map(({ token }) => token)).toEqual(Array.from({ length: 50 }, (_, n) => `${n} `));
    // Timers can fire 1 ms early, and these servers do not correct it.
    expect(tokens.at(-1)!.atMs).toBeGreaterThan(50 * 19);
    expect(isEnd(events.at(-1)!.data)).toBe(true);
  });

  /** Disconnects after the first token. @returns the number of tokens after which the work ended */
  async function workAfterDisconnect(query: string): Promise<number> {
    const before = ends.length;
    const sent: ClientRequest = request(`${origin}${path}${query}`, {
      method: 'POST',
      agent: false,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    sent.end(JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    await once(response, 'data');
    sent.destroy();
    await expect.poll(() => ends.length).toBe(before + 1);
    return ends.at(-1)!;
  }

  test('the work continues to its end after the client has disconnected', async () =>
    expect(await workAfterDisconnect('')).toBe(50));

  test('with the signal connected, the work ends with the client', { retry: 8 }, async () =>
    expect(await workAfterDisconnect('?stop')).toBeLessThan(50),
  );
});

test('the clients and schemas of the packages read the mock server', async () => {
  const server = await startMockServer();
  const child = launch([process.execPath, `${folder}read-mock.ts`, server.origin], {
    cores: undefined,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout!), once(child, 'close')]);
  await server.stop();
  expect(JSON.parse(output)).toEqual({
    aiSdk: {
      texts: ['reasoning: 0 1 ', 'text: 0 1 2 '],
      metadata: { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } },
    },
    mcp: {
      tools: ['answer'],
      progress: ['0 ', '1 ', '2 '],
      content: [{ type: 'text', text: '0 1 2 ' }],
    },
    agUi: [
      'RUN_STARTED',
      'REASONING_START',
      'REASONING_MESSAGE_START',
      'REASONING_MESSAGE_CONTENT',
      'REASONING_MESSAGE_CONTENT',
      'REASONING_MESSAGE_END',
      'REASONING_END',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ],
  });
});
