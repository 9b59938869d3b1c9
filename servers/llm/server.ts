/**
 * A mock server of the APIs that stream answers, with the timing and the faults that the query of a
 * request describes. `node servers/llm/server.ts --port 3000`
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { address, flushMs, ready } from '../process.ts';
import { apis } from './apis.ts';
import { endAllAnswers, play } from './play.ts';
import { readScript, type Script } from './script.ts';
import { stepsOf } from './steps.ts';
import type { ApiRequest, PlainReply, WireFormat } from './wire-format.ts';

const mostBytes = 4 * 2 ** 20;
const paths = apis.map(({ path }) => path);
let requests = 0;

const server = createServer((req, res) => {
  const startMs = performance.now();
  void respond(req, res, startMs).catch((error: unknown) => {
    // A client may disconnect while it sends its body.
    if (req.errored === null) throw error;
  });
});

async function respond(req: IncomingMessage, res: ServerResponse, startMs: number) {
  const [path, query] = req.url!.split('?');
  const api = apis.find((each) => each.path === path);
  if (api === undefined) {
    const message = `${path}: no API is here; the APIs are at ${paths.join(', ')}\n`;
    res.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message);
    return;
  }
  const refuse = (status: number, message: string, headers = {}) =>
    sendPlain(res, { status, headers, body: api.refusal(status, message) });

  if (req.method !== 'POST')
    return refuse(405, `${req.method}: this API only answers POST`, { Allow: 'POST' });
  const { script, problem } = readScript(new URLSearchParams(query), api.special);
  if (problem !== undefined) return refuse(400, problem);
  if (script.key !== null && api.keyOf(req.headers) !== script.key)
    return refuse(401, `The key is missing or wrong; send the header ${api.keyHeader}`);
  const text = await bodyOf(req);
  if (text === undefined) return refuse(413, `The body is larger than ${mostBytes} bytes`);
  const body = objectIn(text);
  if (body === undefined) return refuse(400, 'The body is not a JSON object; send one');

  const request = { headers: req.headers, body, number: requests++, nowS: nowS() };
  sendAnswer(res, api, request, script, startMs);
}

const nowS = () => Math.floor(Date.now() / 1000);

function sendAnswer(
  res: ServerResponse,
  api: WireFormat,
  request: ApiRequest,
  script: Script,
  startMs: number,
) {
  const reply = api.answer(request, script);
  if ('status' in reply) return sendPlain(res, reply);
  const { headers, encode } = reply;
  res.writeHead(200, headers).flushHeaders();
  const { lineEnd } = script;
  play(
    res,
    stepsOf(script),
    // JSON escapes the line ends inside data, so each remaining one ends a line.
    (step) => (lineEnd === '\n' ? encode(step) : encode(step).replaceAll('\n', lineEnd)),
    startMs,
  );
}

function sendPlain(res: ServerResponse, { status, headers, body }: PlainReply) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  res.writeHead(status, { ...type, ...headers });
  res.end(body === undefined ? undefined : `${JSON.stringify(body)}\n`);
}

/** @returns the whole body, or `undefined` if it is too large */
async function bodyOf(req: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // The rest of a body that is too large is read too: a client that still sends gets no response.
  for await (const piece of req as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= mostBytes) pieces.push(piece);
  }
  if (bytes > mostBytes) return undefined;
  return Buffer.concat(pieces).toString();
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

server.listen(address, () =>
  ready(
    server,
    (origin) => `The APIs are at ${paths.map((path) => `${origin}${path}`).join(', ')}`,
  ),
);

process.on('SIGUSR2', endAllAnswers);
process.once('SIGTERM', () => {
  server.close();
  endAllAnswers();
  setTimeout(() => server.closeAllConnections(), flushMs).unref();
});
