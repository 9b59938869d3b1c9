import { describe, expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { fromOutside } from '../scenario/scenario.ts';
import { steady } from '../tests/fixtures/helpers/scenario.ts';
import { mayStart, remoteHosts, remoteLoadInWords, whyNotRemote } from './remote-load.ts';
import type { Terminal } from './terminal.ts';

const { signal } = new AbortController();
const at = (url: string) => fromOutside(url, url, null);
const hosts = ['example.com:443'];
const load = {
  ...steady,
  streams: 100,
  rounds: 1,
  rampMs: 1_500,
  warmUpMs: 3_000,
  durationMs: 10_000,
};

test('hosts are those of other machines, one for each server', () =>
  expect(
    remoteHosts([
      { kind: 'reference', name: 'koa', file: 'koa.ts' },
      at('http://127.0.0.1:3000/event'),
      at('https://user:s3cret@example.com/event?a'),
      at('https://example.com/event?b'),
      at('http://[2001:db8::1]:8080/'),
      { ...at('http://app/'), request: { ...plainRequest, socketPath: '/run/app.sock' } },
    ]),
  ).toEqual([...hosts, ...hosts, '[2001:db8::1]:8080']));

describe('the statement', () => {
  test('says how much load goes where, and for how long', () =>
    expect(remoteLoadInWords(hosts, load)).toBe(
      'This sends 100 streams from this machine to example.com:443 for 16 s.',
    ));

  test('names all hosts once, and the time of all servers', () => {
    expect(remoteLoadInWords([...hosts, ...hosts], load)).toBe(
      'This sends 100 streams from this machine to example.com:443 for 31 s.',
    );
    expect(remoteLoadInWords([...hosts, ...hosts, 'a:80'], load)).toContain(
      'to each of example.com:443, a:80, one after another, for 47 s in all.',
    );
  });

  test('counts slow readers and remaining streams', () =>
    expect(remoteLoadInWords(hosts, { ...load, slowReaders: 5, remainingStreams: 7 })).toContain(
      'sends 112 streams from',
    ));

  test('says that a search grows', () =>
    expect(
      remoteLoadInWords(hosts, { ...load, load: { kind: 'search', of: 'streams' } }),
    ).toContain('sends 100 streams, and more until an expectation fails, from'));

  test('as a complaint names the option', () =>
    expect(whyNotRemote([...hosts, ...hosts])).toEqual([
      'example.com:443: is not on this machine, and its owner may not expect a load; if you may load it, add --allow-remote',
    ]));
});

describe('permission', () => {
  let lines: string[] = [];
  const terminal = (answer?: boolean): Terminal => ({
    interactive: true,
    width: 80,
    style: (_format, text) => text,
    print: (text) => lines.push(text),
    note: (text) => lines.push(text),
    essential: (text) => lines.push(text),
    progress: () => {},
    ...(answer !== undefined && {
      ask: (question) => {
        lines.push(question);
        return Promise.resolve(answer);
      },
    }),
  });
  const shown = async (isAllowed: boolean, answer?: boolean, where = hosts) => {
    lines = [];
    const may = await mayStart(where, load, isAllowed, terminal(answer), signal);
    return { may, lines };
  };
  const statement = remoteLoadInWords(hosts, load);
  const nothing = 'Nothing was sent. With --allow-remote, ssebench does not ask.';

  test('is not needed for this machine', async () =>
    expect(await shown(false, undefined, [])).toEqual({ may: true, lines: [] }));

  test('by the option shows the load, and asks nothing', async () =>
    expect(await shown(true, false)).toEqual({ may: true, lines: [statement] }));

  test('by a yes', async () =>
    expect(await shown(false, true)).toEqual({
      may: true,
      lines: [`${statement} Continue? [y/N] `],
    }));

  test('is not given by a no', async () =>
    expect(await shown(false, false)).toEqual({
      may: false,
      lines: [`${statement} Continue? [y/N] `, nothing],
    }));

  test('is not given without a terminal', async () =>
    expect(await shown(false)).toEqual({ may: false, lines: [nothing] }));
});
