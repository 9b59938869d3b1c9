/**
 * A tool of the Model Context Protocol over Streamable HTTP. Sources: the specification 2025-11-25
 * (“Transports”, “Progress”, “Tools”) and 2026-07-28 (“Streamable HTTP”, “Versioning”, “Tools”).
 *
 * The tool `answer` reports each chunk as progress, if the request has a progress token, and its
 * result has the whole text. The server has no session, which both versions allow. So it answers GET
 * and DELETE with 405.
 */
import { whyWrongMetadata, versionOf, versions, type Version } from './mcp-version.ts';
import type { Script } from './script.ts';
import { textOf, type Step } from './steps.ts';
import { bearer, eventStream, frame, type ApiRequest, type WireFormat } from './wire-format.ts';

const toolName = 'answer';
const serverInfo = { name: 'ssebench-mock', version: '1.0.0' };
const capabilities = { tools: {} };

type JsonRpcId = string | number | null;

const errorOf = (id: JsonRpcId, code: number, message: string, more = {}) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, ...more },
});

export const mcp: WireFormat = {
  api: 'mcp',
  path: '/mcp',
  special: [],
  ...bearer,
  refusal: (_status, message) => errorOf(null, -32600, message),
  answer(request, script) {
    const { body, headers } = request;
    const id = isId(body.id) ? body.id : null;
    const refuse = (status: number, code: number, message: string, more = {}) => ({
      status,
      body: errorOf(id, code, message, more),
    });

    const accepted = headers.accept ?? '';
    if (!accepted.includes('application/json') || !accepted.includes('text/event-stream'))
      return refuse(406, -32600, 'Send the header Accept: application/json, text/event-stream');
    if (body.jsonrpc !== '2.0' || typeof body.method !== 'string')
      return refuse(400, -32600, 'The body is no JSON-RPC 2.0 request; write jsonrpc and method');
    const version = versionOf(headers['mcp-protocol-version']);
    if (version === undefined)
      return refuse(400, -32022, 'Unsupported protocol version', { data: { supported: versions } });
    const problem = whyWrongMetadata(version, headers, body);
    if (problem !== undefined) return refuse(400, -32020, `Header mismatch: ${problem}`);
    // A notification needs no answer.
    if (id === null) return { status: 202 };

    if (body.method !== 'tools/call') return answerOther(version, id, body);
    const { name } = paramsOf(body);
    if (name !== toolName)
      return refuse(200, -32602, `Unknown tool: ${String(name)}; the only one is ${toolName}`);
    const isModern = version === '2026-07-28';
    return {
      headers: isModern ? { ...eventStream, 'X-Accel-Buffering': 'no' } : eventStream,
      encode: messagesOf(request, script, version, id),
    };
  },
};

const isId = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

type Params = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Params =>
  typeof value === 'object' && value !== null ? (value as Params) : {};
const paramsOf = (body: ApiRequest['body']): Params => objectOf(body.params);

/** Requests that are answered without a stream. */
function answerOther(version: Version, id: JsonRpcId, body: ApiRequest['body']) {
  const isModern = version === '2026-07-28';
  const complete = isModern ? { resultType: 'complete' } : {};
  const cache = isModern ? { ttlMs: 0, cacheScope: 'public' } : {};
  const asked = String(paramsOf(body).protocolVersion);
  const tool = {
    name: toolName,
    description: 'Answers as the query of the request says',
    inputSchema: { type: 'object' },
  };
  const results: Readonly<Record<string, object>> = isModern
    ? {
        'server/discover': { supportedVersions: versions, capabilities, serverInfo, ...cache },
        'tools/list': { tools: [tool], ...cache },
      }
    : {
        initialize: {
          protocolVersion: versionOf(asked) === asked ? asked : '2025-11-25',
          capabilities,
          serverInfo,
        },
        ping: {},
        'tools/list': { tools: [tool] },
      };
  const method = String(body.method);
  const result = Object.hasOwn(results, method) ? results[method] : undefined;
  if (result === undefined)
    return {
      status: isModern ? 404 : 200,
      body: errorOf(id, -32601, `Method not found: ${method}`),
    };
  return { status: 200, body: { jsonrpc: '2.0', id, result: { ...complete, ...result } } };
}

function messagesOf(
  { body, number }: ApiRequest,
  { tokens, hasEnd }: Script,
  version: Version,
  id: JsonRpcId,
): (step: Step) => string {
  const { progressToken } = objectOf(paramsOf(body)._meta);
  const complete = version === '2026-07-28' ? { resultType: 'complete' } : {};
  let events = 0;
  let progress = 0;
  // Only this version primes its clients with an id. Then each event has one.
  const idLine = () => (version === '2025-11-25' ? `id: ${number}-${events++}\n` : '');
  const message = (fields: object) => idLine() + frame({ jsonrpc: '2.0', ...fields }, 'message');

  return (step) => {
    switch (step.kind) {
      case 'start':
        return version === '2025-11-25' ? `${idLine()}data: \n\n` : '';
      case 'chunk': {
        progress += step.text.split(' ').length - 1;
        if (!isId(progressToken)) return '';
        const params = { progressToken, progress, total: tokens, message: step.text };
        return message({ method: 'notifications/progress', params });
      }
      case 'error':
        return message({ id, error: { code: -32603, message: 'The mock fails here.' } });
      case 'end': {
        const content = [{ type: 'text', text: textOf(tokens) }];
        return hasEnd ? message({ id, result: { ...complete, content, isError: false } }) : '';
      }
      default:
        return '';
    }
  };
}
