/**
 * The MCP SDK with a slow tool, stateless, as its example `simpleStatelessStreamableHttp` shows. The
 * tool reports its progress. With `?stop`, the server closes the transport when the client
 * disconnects, and the tool reads its signal.
 */
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { address, ready } from '../../process.ts';
import { isToStop, tokens, work } from './work.ts';

function createMcp(isStopping: boolean): McpServer {
  const mcp = new McpServer({ name: 'slow', version: '1.0.0' });
  mcp.registerTool('answer', { description: 'Answers slowly' }, async (extra) => {
    const { progressToken } = extra._meta ?? {};
    let text = '';
    let progress = 0;
    for await (const token of work(isStopping ? extra.signal : undefined)) {
      text += token;
      if (progressToken === undefined) continue;
      const params = { progressToken, progress: ++progress, total: tokens, message: token };
      await extra.sendNotification({ method: 'notifications/progress', params });
    }
    return { content: [{ type: 'text', text }] };
  });
  return mcp;
}

const server = createServer((req, res) => {
  void (async () => {
    if (req.method !== 'POST') {
      res.writeHead(405, { Allow: 'POST' }).end();
      return;
    }
    const mcp = createMcp(isToStop(req.url));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await mcp.connect(transport);
    if (isToStop(req.url)) res.on('close', () => void mcp.close());
    await transport.handleRequest(req, res);
  })().catch(() => res.destroy());
});

server.listen(address, () => ready(server, (origin) => `The tool “answer” is at ${origin}/mcp`));
