/** The mock server as a process: the times of answers, the options of the query, and its end. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openInspector, type Inspector } from '../../bench/inspector/inspect.ts';
import {
  ask,
  startMockServer,
  type Asked,
} from '../../bench/tests/fixtures/helpers/mock-server.ts';
import type { RunningServer } from '../../bench/under-test/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startMockServer();
});
afterAll(() => server.stop());

interface Case {
  path: string;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
  keyHeaders: Record<string, string>;
  /** The text of an event, of any channel. */
  textOf: (data: string) => string | undefined;
  isError: (data: string) => boolean;
  isEnd: (data: string) => boolean;
  hasReasoning: boolean;
  /** Whether the end marker follows an error. */
  endsAfterError?: true;
}

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- a test reads what it expects
const json = (data: string) => (data.startsWith('{') ? JSON.parse(data) : {}) as Json;
const bearer = { Authorization: 'Bearer secret' };
const mcpHeaders = { Accept: 'application/json, text/event-stream' };
const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' };

const cases: readonly Case[] = [
  {
    path: '/v1/chat/completions',
    body: { stream: true, messages: [] },
    keyHeaders: bearer,
    textOf(data) {
      const delta = json(data).choices?.[0]?.delta ?? {};
      return delta.content || delta.reasoning_content;
    },
    isError: (data) => json(data).error !== undefined,
    isEnd: (data) => data === '[DONE]',
    hasReasoning: true,
  },
  {
    path: '/v1/responses',
    body: { stream: true, input: 'Hello' },
    keyHeaders: bearer,
    textOf: (data) => json(data).delta,
    isError: (data) => json(data).type === 'response.failed',
    isEnd: (data) => json(data).type === 'response.completed',
    hasReasoning: true,
  },
  {
    path: '/v1/messages',
    body: { stream: true, model: 'm', max_tokens: 9, messages: [] },
    headers: { 'anthropic-version': '2023-06-01' },
    keyHeaders: { 'x-api-key': 'secret' },
    textOf: (data) => json(data).delta?.text ?? json(data).delta?.thinking,
    isError: (data) => json(data).type === 'error',
    isEnd: (data) => json(data).type === 'message_stop',
    hasReasoning: true,
  },
  {
    path: '/api/chat',
    body: { messages: [] },
    keyHeaders: bearer,
    textOf: (data) => json(data).delta,
    isError: (data) => json(data).type === 'error',
    isEnd: (data) => data === '[DONE]',
    hasReasoning: true,
    endsAfterError: true,
  },
  {
    path: '/agent',
    body: { threadId: 't', runId: 'r', messages: [], tools: [], context: [] },
    keyHeaders: bearer,
    textOf: (data) => json(data).delta,
    isError: (data) => json(data).type === 'RUN_ERROR',
    isEnd: (data) => json(data).type === 'RUN_FINISHED',
    hasReasoning: true,
  },
  {
    path: '/mcp',
    body: { ...call, params: { name: 'answer', _meta: { progressToken: 'p' } } },
    headers: { ...mcpHeaders, 'MCP-Protocol-Version': '2025-11-25' },
    keyHeaders: bearer,
    textOf: (data) => json(data).params?.message,
    isError: (data) => json(data).error !== undefined,
    isEnd: (data) => json(data).result !== undefined,
    hasReasoning: false,
  },
];

describe.concurrent.each(cases)('$path', ({ path, body, headers = {}, ...about }) => {
  const answer = (query: string, more = {}) =>
    ask(`${server.origin}${path}?${query}`, body, { headers: { ...headers, ...more } });
  const textsOf = ({ events }: Asked) =>
    events.flatMap(({ data, atMs }) => {
      const text = about.textOf(data);
      return text ? [{ text, atMs }] : [];
    });
  const timesOf = (asked: Asked) => textsOf(asked).map(({ atMs }) => atMs);
  const wholeText = (asked: Asked) =>
    textsOf(asked)
      .map(({ text }) => text)
      .join('');
  const endOf = ({ events }: Asked) => events.findIndex(({ data }) => about.isEnd(data));

  /** A timer never fires early. It can be late by much on a busy machine. */
  function expectTimes(actual: readonly number[], due: readonly number[]) {
    expect(actual).toHaveLength(due.length);
    for (const [n, dueMs] of due.entries()) {
      expect(actual[n]).toBeGreaterThanOrEqual(dueMs);
      expect(actual[n]).toBeLessThan(dueMs + 20_000);
    }
  }

  test('50 tokens come 20 ms apart, the first after 300 ms', async () => {
    const asked = await answer('');
    expect(asked.status).toBe(200);
    expect(asked.headers['content-type']).toBe('text/event-stream');
    expectTimes(
      timesOf(asked),
      Array.from({ length: 50 }, (_, n) => 300 + n * 20),
    );
    expect(wholeText(asked)).toBe(Array.from({ length: 50 }, (_, n) => `${n} `).join(''));
    expect(endOf(asked)).toBe(asked.events.length - 1);
    expect(asked.events.at(-1)!.atMs).toBeGreaterThanOrEqual(1_300);
  });

  test('tokens share a chunk, and each chunk waits one interval', async () => {
    const asked = await answer('first=50&every=40&tokens=25&chunk=10');
    expectTimes(timesOf(asked), [50, 90, 130]);
    expect(textsOf(asked).map(({ text }) => text.trim().split(' ').length)).toEqual([10, 10, 5]);
  });

  test.runIf(about.hasReasoning)('reasoning comes before the answer', async () => {
    const asked = await answer('first=50&every=30&reasoning=2&tokens=2');
    expectTimes(timesOf(asked), [50, 80, 110, 140]);
    expect(wholeText(asked)).toBe('0 1 0 1 ');
  });

  test.runIf(!about.hasReasoning)('reasoning is refused', async () =>
    expect(await answer('reasoning=2')).toMatchObject({
      status: 400,
      text: expect.stringContaining('reasoning: not an option of this API'),
    }),
  );

  test('a stall delays what follows it', async () => {
    const asked = await answer('first=20&every=20&tokens=4&stall=500&stall-after=2');
    expectTimes(timesOf(asked), [20, 40, 560, 580]);
    expect(asked.endMs).toBeGreaterThanOrEqual(600);
  });

  test('an error comes after a number of tokens, and nothing follows', async () => {
    const asked = await answer('first=10&every=10&tokens=50&error=20');
    expectTimes(
      timesOf(asked),
      Array.from({ length: 20 }, (_, n) => 10 + n * 10),
    );
    const last = asked.events.findLastIndex(({ data }) => about.isError(data));
    expect(asked.events.slice(last + 1).map(({ data }) => data)).toEqual(
      about.endsAfterError ? ['[DONE]'] : [],
    );
    expect(asked.events[last]!.atMs).toBeGreaterThanOrEqual(210);
  });

  test('end=none leaves the end marker out', async () => {
    const asked = await answer('first=10&every=10&tokens=5&end=none');
    expect(timesOf(asked)).toHaveLength(5);
    expect(endOf(asked)).toBe(-1);
    expect(asked.endMs).toBeGreaterThanOrEqual(60);
  });

  test('lines can end with CRLF or CR, and the data stays the same', async () => {
    const events = (asked: Asked) =>
      asked.text
        .replaceAll(/\r\n?/g, '\n')
        // Ids and times differ between requests.
        .replaceAll(/(?<=[a-z][-_]|^id: )\d+|\d{9,}/gm, 'ID');
    const [lf, crlf, cr] = await Promise.all([
      answer('first=0&every=0&tokens=20'),
      answer('first=0&every=0&tokens=20&eol=crlf'),
      answer('first=0&every=0&tokens=20&eol=cr'),
    ]);
    expect(lf.text).not.toContain('\r');
    expect(crlf.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(cr.text).not.toContain('\n');
    expect(cr.text.endsWith('\r\r')).toBe(true);
    expect(events(crlf)).toBe(events(lf));
    expect(events(cr)).toBe(events(lf));
  });

  test('at every=0, an answer larger than all buffers arrives completely', async () => {
    const asked = await answer('first=0&every=0&tokens=50000');
    expect(textsOf(asked)).toHaveLength(50_000);
    expect(endOf(asked)).toBe(asked.events.length - 1);
  });

  test('bad parameters, all in one response', async () => {
    const { status, text } = await answer('first=x&chunk=0&speed=9');
    expect(status).toBe(400);
    for (const name of ['first=x', 'chunk=0', 'speed']) expect(text).toContain(`${name}: `);
  });

  test('a key, if the query requires one', async () => {
    expect((await answer('key=secret&first=0&every=0', about.keyHeaders)).status).toBe(200);
    const missing = await answer('key=secret');
    expect(missing.status).toBe(401);
    expect(missing.text).toContain('The key is missing or wrong; send the header');
    expect(missing.text).not.toContain('secret');
    expect((await answer('key=other', about.keyHeaders)).status).toBe(401);
  });

  test('only POST, only JSON, only a body of limited size', async () => {
    const url = `${server.origin}${path}`;
    const got = await ask(url, '', { method: 'GET' });
    expect(got).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    for (const text of ['', 'Hello', '[]', 'null', '"a"'])
      expect(await ask(url, text, { headers })).toMatchObject({
        status: 400,
        text: expect.stringContaining('The body is not a JSON object'),
      });
    const large = await ask(url, { ...body, more: 'x'.repeat(5 * 2 ** 20) }, { headers });
    expect(large.status).toBe(413);
  });
});

test.each(['/v1/chat', '//', '/'])(
  'the path %s is refused with the list of paths',
  async (other) => {
    const { status, text } = await ask(`${server.origin}${other}`, {});
    expect(status).toBe(404);
    for (const { path } of cases) expect(text).toContain(path);
  },
);

const timersIn = (inspector: Inspector) =>
  inspector.call(
    () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
  );

/** Sends a request for an answer whose first token is due much later. */
function sendRequest({ path, body, headers = {} }: Case): Socket {
  const { hostname, port } = new URL(server.origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const content = JSON.stringify(body);
  const lines = Object.entries({ Host: 'a', 'Content-Length': content.length, ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST ${path}?first=100000 HTTP/1.1\r\n${head}\r\n${content}`);
  return socket;
}

describe('rule 3: the timer of an answer ends with its client', () => {
  let inspector: Inspector;
  let before: number;
  beforeEach(async () => {
    inspector = await openInspector(server.inspectorUrl);
    before = await timersIn(inspector);
  });
  afterEach(() => inspector.close());

  test('within 1 s of the disconnect', { retry: 8 }, async () => {
    const sockets = cases.map(sendRequest);
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    await expect.poll(() => timersIn(inspector)).toBeGreaterThanOrEqual(before + cases.length);
    for (const socket of sockets) socket.destroy();
    const sinceMs = performance.now();
    await expect.poll(() => timersIn(inspector), { interval: 5 }).toBeLessThanOrEqual(before);
    expect(performance.now() - sinceMs).toBeLessThan(1_000);
  });

  test('also if the client disconnects before the answer begins', async () => {
    const sockets = Array.from({ length: 60 }, (_, n) => sendRequest(cases[n % cases.length]!));
    for (const socket of sockets) {
      await once(socket, 'connect');
      socket.destroySoon();
    }
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    // The server reads the requests above before this one.
    await ask(`${server.origin}/`, {});
    await expect.poll(() => timersIn(inspector)).toBeLessThanOrEqual(before);
  });
});

test('rule 5: SIGUSR2 ends every answer, but not the process', async () => {
  const endless = cases.map(({ path, body, headers = {} }) =>
    ask(`${server.origin}${path}?first=100000`, body, { headers }),
  );
  const inspector = await openInspector(server.inspectorUrl);
  await expect.poll(() => timersIn(inspector)).toBeGreaterThanOrEqual(cases.length);
  inspector.close();
  server.endStreams();
  for (const { status } of await Promise.all(endless)) expect(status).toBe(200);
  const [{ path, body }] = cases as [Case];
  const { events } = await ask(`${server.origin}${path}?first=0&every=0&tokens=1`, body);
  expect(events.at(-1)!.data).toBe('[DONE]');
});

test('rule 5: SIGTERM ends every answer and the process', { retry: 8 }, async () => {
  const other = await startMockServer();
  const answers = cases.map(({ path, body, headers = {} }) =>
    ask(`${other.origin}${path}?first=0&every=50&tokens=100000`, body, { headers }),
  );
  const inspector = await openInspector(other.inspectorUrl);
  await expect.poll(() => timersIn(inspector)).toBeGreaterThanOrEqual(cases.length);
  inspector.close();
  const { tookMs, wasKilled, code } = await other.shutDown(5_000, () => {});
  expect(tookMs).toBeLessThan(1_000);
  expect({ wasKilled, code }).toEqual({ wasKilled: false, code: 0 });
  for (const { status, text } of await Promise.all(answers)) {
    expect(status).toBe(200);
    expect(text.endsWith('\n\n')).toBe(true);
  }
});
