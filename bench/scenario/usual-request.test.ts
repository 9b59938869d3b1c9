/** The method, the headers and the body that an API adds to the requests of a run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiOf } from './apis/apis.ts';
import type { RequestOptions } from './request-options.ts';
import { compileRequest } from './request-templates.ts';
import { readRunRequest } from './request.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const path = (name: string) => join(folder, name);
const prompt = 'Say "hi"\nin C:\\';
const files = {
  'prompts.jsonl': `${JSON.stringify({ model: 'm', prompt })}\n`,
  'prompts.csv': 'model,promt\nm,Hi\n',
  'questions.csv': 'model,question\nm,Hi\n',
  'calls.jsonl': '{"tool":"weather","arguments":"{\\"city\\":\\"Oslo\\"}"}\n',
  'request.json': '{"model":"own"}',
};
beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const url = 'http://127.0.0.1:3000/v1/chat/completions';
const limits = { cores: 2, descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 } as never;

function read(
  options: Record<string, string[]>,
  { headers = [] as string[], servers = [url] } = {},
): { request: RequestOptions | undefined; complaints: readonly string[] } {
  const all = options.api ? { answers: [''], ...options } : options;
  const checked = readRunRequest({ servers, options: all, headers, expect: [] }, limits);
  if (!checked.ok)
    return {
      request: undefined,
      complaints: checked.complaints.map((complaint) => complaint.replaceAll(`${folder}/`, '')),
    };
  const [server] = checked.value.serversUnderTest;
  return { request: server?.kind === 'url' ? server.request : undefined, complaints: [] };
}

/** The body of the first request, which must be JSON. */
const bodyOf = (request: RequestOptions | undefined): unknown =>
  JSON.parse(compileRequest(url, request!).body!(0));

test('rows fill the body of an API, with any characters', () => {
  const { request, complaints } = read({ api: ['openai-chat'], rows: [path('prompts.jsonl')] });
  expect(complaints).toEqual([]);
  expect(request).toMatchObject({ method: 'POST', headers: {} });
  expect(bodyOf(request)).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('the arguments of a tool call are JSON', () => {
  const { request } = read({ api: ['mcp'], rows: [path('calls.jsonl')] });
  expect(bodyOf(request)).toMatchObject({
    id: 0,
    params: { name: 'weather', arguments: { city: 'Oslo' } },
  });
});

test('a method, headers and a body given explicitly override those of the API', () => {
  const { request, complaints } = read(
    { api: ['anthropic'], method: ['PUT'], body: [`@${path('request.json')}`] },
    { headers: ['Anthropic-Version: 2030-01-01', 'X-Api-Key: abc'] },
  );
  expect(complaints).toEqual([]);
  expect(request).toMatchObject({
    method: 'PUT',
    headers: { 'anthropic-version': '2030-01-01', 'x-api-key': 'abc' },
    body: '{"model":"own"}',
  });
});

test('headers of the API remain beside others', () => {
  const { request } = read({ api: ['anthropic'], body: ['{}'] }, { headers: ['X-Api-Key: abc'] });
  expect(request!.headers).toEqual({ ...apiOf('anthropic')!.headers, 'x-api-key': 'abc' });
});

test('without an API, nothing is added', () =>
  expect(read({}).request).toMatchObject({ method: 'GET', headers: {}, body: null }));

test('an API needs a body or rows', () =>
  expect(read({ api: ['openai-chat'] }).complaints).toEqual([
    '--api openai-chat: its requests need a body; give --body @request.json, or --rows prompts.csv with the columns model and prompt',
  ]));

test('rows without a column of the body are refused with their columns', () => {
  const complaintsWith = (name: string) =>
    read({ api: ['openai-chat'], rows: [path(name)] }).complaints;
  expect(complaintsWith('prompts.csv')).toEqual([
    '--api openai-chat: {{prompt}} is no column of the rows; did you mean {{promt}}?',
  ]);
  expect(complaintsWith('questions.csv')).toEqual([
    '--api openai-chat: {{prompt}} is no column of the rows; choose from model, question, or use {{i}}, the number of the stream',
  ]);
});

test.each([
  [
    { api: ['openai-chat'], body: ['{"model":'] },
    'body hidden: begins like JSON, but is not valid JSON',
  ],
  [
    { api: ['mcp'], rows: [path('calls.jsonl')], method: ['GET'] },
    '--api mcp: a GET request has no body',
  ],
])('%j is refused', (options, reason) => {
  const { complaints } = read(options);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain(reason);
});

test('reference servers get no body', () =>
  expect(read({ api: ['openai-chat'] }, { servers: ['express'] }).complaints).toEqual([
    expect.stringMatching(/^--api openai-chat: the events of reference servers are only numbers/),
  ]));
