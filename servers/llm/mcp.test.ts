import { describe, expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { mcp } from './mcp.ts';

const accept = 'application/json, text/event-stream';
const call = {
  jsonrpc: '2.0',
  id: 5,
  method: 'tools/call',
  params: { name: 'answer', _meta: { progressToken: 'p' } },
};
const old = { accept, 'mcp-protocol-version': '2025-11-25' };

const message = (fields: string, id = '') =>
  `${id}event: message\ndata: {"jsonrpc":"2.0",${fields}}\n\n`;
const progress = (done: number, total: number, text: string) =>
  `"method":"notifications/progress","params":{"progressToken":"p","progress":${done},"total":${total},"message":"${text}"}`;
const result = (text: string, type = '') =>
  `"id":5,"result":{${type}"content":[{"type":"text","text":"${text}"}],"isError":false}`;

describe('2025-11-25', () => {
  test('primes the client, reports progress, and ends with the result', () =>
    expect(answerBytes(mcp, 'tokens=3&chunk=2', call, old)).toBe(
      'id: 7-0\ndata: \n\n' +
        message(progress(2, 3, '0 1 '), 'id: 7-1\n') +
        message(progress(3, 3, '2 '), 'id: 7-2\n') +
        message(result('0 1 2 '), 'id: 7-3\n'),
    ));

  test('without a progress token, only the result is sent', () =>
    expect(answerBytes(mcp, 'tokens=2', { ...call, params: { name: 'answer' } }, old)).toBe(
      `id: 7-0\ndata: \n\n${message(result('0 1 '), 'id: 7-1\n')}`,
    ));

  test('an error, and an answer without its end', () => {
    expect(answerBytes(mcp, 'error=0', call, old)).toBe(
      `id: 7-0\ndata: \n\n${message('"id":5,"error":{"code":-32603,"message":"The mock fails here."}', 'id: 7-1\n')}`,
    );
    expect(answerBytes(mcp, 'tokens=0&end=none', call, old)).toBe('id: 7-0\ndata: \n\n');
  });

  test('the handshake, the list of tools, and notifications', () => {
    const ask = (body: object, headers: Record<string, string> = old) =>
      answerBytes(mcp, '', { jsonrpc: '2.0', ...body }, headers);
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} };
    expect(ask({ id: 1, method: 'initialize', params }, { accept })).toBe(
      '200 {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"ssebench-mock","version":"1.0.0"}}}',
    );
    expect(ask({ method: 'notifications/initialized' })).toBe('202 ');
    expect(ask({ id: 'a', method: 'ping' })).toBe('200 {"jsonrpc":"2.0","id":"a","result":{}}');
    expect(ask({ id: 2, method: 'tools/list' })).toContain('"tools":[{"name":"answer",');
    expect(ask({ id: 3, method: 'tools/drop' })).toBe(
      '200 {"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"Method not found: tools/drop"}}',
    );
  });
});

test('before 2025-11-25, events have no id', () => {
  for (const version of [{}, { 'mcp-protocol-version': '2025-06-18' }])
    expect(answerBytes(mcp, 'tokens=1', call, { accept, ...version })).toBe(
      message(progress(1, 1, '0 ')) + message(result('0 ')),
    );
});

describe('2026-07-28', () => {
  const version = '2026-07-28';
  const named = {
    accept,
    'mcp-protocol-version': version,
    'mcp-method': 'tools/call',
    'mcp-name': 'answer',
  };
  const meta = { 'io.modelcontextprotocol/protocolVersion': version };
  const modern = { ...call, params: { name: 'answer', _meta: { ...meta, progressToken: 'p' } } };

  test('events have no id, and the result is complete', () =>
    expect(answerBytes(mcp, 'tokens=1', modern, named)).toBe(
      message(progress(1, 1, '0 ')) + message(result('0 ', '"resultType":"complete",')),
    ));

  test('the name can be encoded', () =>
    expect(
      answerBytes(mcp, 'tokens=0', modern, { ...named, 'mcp-name': '=?base64?YW5zd2Vy?=' }),
    ).toBe(message(result('', '"resultType":"complete",'))));

  test.each([
    ['mcp-method', 'tools/list', '\\"tools/list\\"', '\\"tools/call\\"'],
    ['mcp-name', 'other', '\\"other\\"', '\\"answer\\"'],
  ])('the header %s must match the body', (header, value, found, expected) =>
    expect(answerBytes(mcp, '', modern, { ...named, [header]: value })).toBe(
      `400 {"jsonrpc":"2.0","id":5,"error":{"code":-32020,"message":"Header mismatch: the header ${header} is ${found}, but the body has ${expected}"}}`,
    ),
  );

  test('every difference is named', () =>
    expect(
      answerBytes(mcp, '', call, { accept, 'mcp-protocol-version': version }).match(/the header/g),
    ).toHaveLength(3));

  test('the discovery replaces the handshake', () => {
    const ask = (method: string) =>
      answerBytes(
        mcp,
        '',
        { jsonrpc: '2.0', id: 1, method, params: { _meta: meta } },
        { ...named, 'mcp-method': method },
      );
    expect(ask('server/discover')).toContain(
      '200 {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25",',
    );
    expect(ask('initialize')).toBe(
      '404 {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: initialize"}}',
    );
  });
});

test.each([
  ['another version', call, { accept, 'mcp-protocol-version': '1900-01-01' }, 400, -32022],
  ['no event stream accepted', call, { accept: 'application/json' }, 406, -32600],
  ['no JSON-RPC', { id: 5 }, { accept }, 400, -32600],
  ['another tool', { ...call, params: { name: 'other' } }, old, 200, -32602],
] as const)('%s is refused', (_what, body, headers, status, code) =>
  expect(answerBytes(mcp, '', body, headers)).toMatch(
    new RegExp(String.raw`^${status} \{"jsonrpc":"2\.0","id":5,"error":\{"code":${code},`),
  ),
);
