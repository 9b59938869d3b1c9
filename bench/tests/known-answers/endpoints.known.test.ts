/**
 * Checks of correct servers, and of a reference server behind real proxies. Correct servers have no
 * finding but facts; each proxy has the findings that its configuration causes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { looksLeaky } from '../../../servers/clean/catalog.ts';
import { checkEndpoint } from '../../endpoint/check.ts';
import type { EndpointResult } from '../../result/endpoint-result.ts';
import { plainRequest } from '../../scenario/request-options.ts';
import { descendantsOf, isAlive } from '../../system/processes.ts';
import { hasProxies, startProxy, type proxies } from '../fixtures/helpers/real-proxies.ts';

const stops: (() => unknown)[] = [];
afterAll(() => Promise.all(stops.map((stop) => stop())));

/** @returns the origin of the server */
async function startServer(
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [file, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const exit = once(child, 'exit');
  stops.push(() => {
    // Some servers start another process, which would keep Vitest from ending.
    for (const { pid } of [...descendantsOf(child.pid!), { pid: child.pid! }])
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    return exit;
  });
  for await (const line of createInterface(child.stdout)) {
    const [, port] = /running on port (\d+)/.exec(line) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`${file} ended`);
}

const check = (url: string): Promise<EndpointResult> =>
  checkEndpoint(
    { url, request: plainRequest, origin: null, watchMs: 6_000 },
    new AbortController().signal,
  );

const serious = ({ findings }: EndpointResult) =>
  findings.filter(({ severity }) => severity !== 'info').map(({ name }) => name);

/** True findings: it ignores methods, and it numbers events and ignores `Last-Event-ID`. */
const known: Readonly<Record<string, readonly string[]>> = {
  floor: ['head-body'],
  nest: ['repeats-after-reconnect'],
};
const servers = [
  ...Object.entries(catalog)
    .filter(([, { http2 }]) => !http2)
    .map(([name, { file }]) => ({ name, file, environment: {} })),
  ...Object.entries(looksLeaky).map(([name, server]) => ({ name, ...server })),
].map(({ name, file, environment }) => ({
  name,
  findings: known[name] ?? [],
  start: async () => `${await startServer(file, environment)}/event?resume&retry=3000&interval=200`,
}));

/** The server behind all proxies. */
let origin: Promise<string> | undefined;
/**
 * Events of 11 bytes do not fill a buffer of nginx, and events of 1,000 bytes do. haproxy holds
 * back the last bits of what it compresses.
 */
const behindProxies = (
  [
    ['haproxy', 'interval=100', []],
    ['haproxy with gzip', 'interval=500', ['late-with-compression']],
    ['nginx without buffering', 'interval=100', []],
    ['nginx without buffering', 'interval=100&bytes=1000', []],
    ['nginx without buffering, with gzip', 'interval=500', []],
    ['nginx by default', 'interval=100', ['no-headers']],
    ['nginx by default', 'interval=100&bytes=1000', ['cut-by-a-buffer']],
    [
      'nginx by default, with gzip',
      'interval=100&bytes=1000',
      ['cut-by-a-buffer', 'silent-with-compression'],
    ],
  ] as [proxy: keyof typeof proxies, query: string, findings: string[]][]
).map(([proxy, query, findings]) => ({
  name: `${proxy}, ${query}`,
  findings,
  async start() {
    origin ??= startServer(catalog['node-http']!.file);
    const started = await startProxy(proxy, await origin, undefined);
    stops.push(started.stop);
    return `${started.origin}/event?${query}`;
  },
}));

const urls = new Map<string, string>();
const results = new Map<string, EndpointResult>();
/** All are checked at the same time, because they mostly wait. */
beforeAll(async () => {
  // Servers that start take the processor, which would delay the streams of the others.
  await Promise.all(servers.map(async ({ name, start }) => urls.set(name, await start())));
  // A proxy has no way to choose a free port itself, so nothing else may take one meanwhile.
  for (const { name, start } of hasProxies ? behindProxies : []) urls.set(name, await start());
  await Promise.all([...urls].map(async ([name, url]) => results.set(name, await check(url))));
});

/** On a busy machine, streams may be late. A repeated test checks the endpoint once more. */
const repeated = { retry: 3 };

async function expectFindings(name: string, findings: readonly string[]) {
  const result = results.get(name) ?? (await check(urls.get(name)!));
  results.delete(name);
  expect(serious(result)).toEqual(findings);
}

describe('correct servers', () => {
  test.each(servers)('$name', repeated, ({ name, findings }) => expectFindings(name, findings));
});

describe.skipIf(!hasProxies)('a reference server behind a proxy', () => {
  test.each(behindProxies)('$name', repeated, ({ name, findings }) =>
    expectFindings(name, findings),
  );
});
