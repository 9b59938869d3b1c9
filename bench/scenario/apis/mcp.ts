/**
 * A tool call of the Model Context Protocol over Streamable HTTP.
 *
 * Sources: the specification 2025-11-25, "Transports" (POST, both content types in `Accept`,
 * notifications before the response, which ends the stream), "Progress", "Logging" and "Tools"
 * (`isError`). The version header is that revision, since the SDK 1.x refuses newer ones. Revision
 * 2026-07-28 needs `Mcp-Method`, `Mcp-Name` and a version in `_meta`: its body is the user's.
 */
import type { Api } from './api.ts';

export const mcp: Api = {
  name: 'mcp',
  about: 'tool call of the Model Context Protocol over Streamable HTTP',
  method: 'POST',
  headers: {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
  },
  // The arguments are JSON, so they stand without quotes.
  body:
    '{"jsonrpc":"2.0","id":{{i}},"method":"tools/call","params":{"name":"{{tool}}",' +
    '"arguments":{{arguments}},"_meta":{"progressToken":"{{i}}"}}}',
  // A result without text, such as an image, is an answer too.
  text: 'result.content[0].text || result && to_string(result)',
  // A tool reports its work before its result. The number of a progress report is no text.
  reasoning: 'params.message || params.data && to_string(params.data)',
  toolCall: null,
  end: { by: 'path', path: '!method && id != `null`' },
  error: {
    path: "error || result.isError && (result.content[0].text || 'isError')",
    event: null,
  },
  tokens: null,
  sequence: null,
};
