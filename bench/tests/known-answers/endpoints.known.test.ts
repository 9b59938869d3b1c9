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
  stops.push(() => (child.kill('SIGKILL'), exit));
  for await (const line of createInterface(child.stdout)) {
    const [, port] = /running on port (\d+)/.exec(line) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`${file} ended`);
}

const check = (url: string, watchMs: number): Promise<EndpointResult> =>
  checkEndpoint(
    { url, request: plainRequest, origin: null, watchMs },
    new AbortController().signal,
  );

const serious = ({ findings }: EndpointResult) =>
  findings.filter(({ severity }) => severity !== 'info').map(({ name }) => name);

/** Several servers run at the same time, because they mostly wait. */
describe('correct servers', () => {
  const results = new Map<string, EndpointResult>();
  const servers = [
    ...Object.entries(catalog).map(([name, { file }]) => ({ name, file, environment: {} })),
    ...Object.entries(looksLeaky).map(([name, { file, environment }]) => ({
      name,
      file,
      environment,
    })),
  ];
  beforeAll(async () => {
    // Servers that start take the processor, which would delay the streams of the others.
    const started = await Promise.all(
      servers.map(async ({ name, file, environment }) => ({
        name,
        origin: await startServer(file, environment),
      })),
    );
    await Promise.all(
      started.map(async ({ name, origin }) => {
        results.set(name, await check(`${origin}/event?resume&retry=3000&interval=200`, 6_000));
      }),
    );
  });

  /** True findings: it ignores methods, and it numbers events and ignores `Last-Event-ID`. */
  const known: Readonly<Record<string, readonly string[]>> = {
    floor: ['head-body'],
    nest: ['repeats-after-reconnect'],
  };

  test.each(servers.map(({ name }) => name))('%s', (name) => {
    expect(serious(results.get(name)!)).toEqual(known[name] ?? []);
  });
});

describe.skipIf(!hasProxies)('a reference server behind a proxy', () => {
  let origin: string;
  beforeAll(async () => void (origin = await startServer(catalog['node-http']!.file)));

  /**
   * Events of 11 bytes do not fill a buffer of nginx, and events of 1,000 bytes do. haproxy holds
   * back the last bits of what it compresses.
   */
  const cases: [proxy: keyof typeof proxies, query: string, findings: string[]][] = [
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
  ];
  test.concurrent.each(cases)('%s, %s', async (name, query, findings) => {
    const proxy = await startProxy(name, origin, undefined);
    try {
      const result = await check(`${proxy.origin}/event?${query}`, 6_000);
      expect(serious(result)).toEqual(findings);
    } finally {
      await proxy.stop();
    }
  });
});
