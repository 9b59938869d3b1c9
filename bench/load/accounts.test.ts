/**
 * How ssebench counts streams: each row is the history of one stream, with the expected verdict.
 */
import { describe, expect, test } from 'vitest';
import { createEndings } from '../measure/endings.ts';
import { createReconnects } from '../measure/reconnects.ts';
import { createAccounts, type AccountsOptions } from './accounts.ts';

const ms = 1e6;
const stray = '8 bytes without a whole event';
const task: AccountsOptions['task'] = {
  intervalMs: 100,
  stallAfterMs: 5_000,
  keepsOwnPace: false,
  window: { warmUpAtNs: 0, measureAtNs: 0, disconnectAtNs: 10_000 * ms },
};
const ownPace = { intervalMs: null, keepsOwnPace: true };
type Kind = Partial<AccountsOptions['task']> & {
  isToBeCut?: boolean;
  isQuiet?: boolean;
  hasLifetime?: boolean;
};

function world({ isToBeCut, isQuiet, hasLifetime, ...changes }: Kind = {}) {
  const endings = createEndings();
  const reconnects = isToBeCut ? createReconnects(1, 1_000 * ms) : undefined;
  const cohort = isQuiet ? ('quiet' as const) : ('paced' as const);
  const accounts = createAccounts({
    arrivals: [{ atMs: 0, cohort, number: 0, ...(hasLifetime && { disconnectAtMs: 12_000 }) }],
    task: { ...task, ...changes },
    endings,
    reconnects,
  });
  return { endings, reconnects, accounts };
}

/**
 * @param history what happens, each step at a time in milliseconds, or every 100 ms of a span; a
 * `piece` is a part of an event that never becomes whole
 * @param asked the occasion and the time of the judgement, and whether some bytes are not decoded
 * yet
 */
function failureOf(history: string, asked: string, kind?: Kind): string | undefined {
  const { accounts, reconnects } = world(kind);
  const act: Record<string, (atNs: number) => void> = {
    opened: (atNs) => accounts.connecting(0, atNs),
    response: (atNs) => accounts.headers(0, atNs),
    piece: (atNs) => accounts.body(0, atNs),
    event(atNs) {
      accounts.body(0, atNs);
      accounts.event(0);
      reconnects?.event(0, undefined, atNs);
    },
    busy: (atNs) => accounts.busy(0, true, atNs),
    decodes: (atNs) => accounts.decoded(0, atNs),
    'reads on': (atNs) => accounts.busy(0, false, atNs),
    lost: () => accounts.lost(0),
    cut: (atNs) => reconnects!.lost(0, atNs, 'ended by the server'),
    'ended early': (atNs) => accounts.endMeasuring(atNs),
  };
  for (const [, what, from, until] of history.matchAll(/([a-z ]+) (\d+)(?:-(\d+))?(?:, |$)/g))
    for (let atMs = Number(from); atMs <= Number(until ?? from); atMs += 100)
      act[what!]!(atMs * ms);
  const [occasion, askedMs] = asked.split(' ') as ['watch' | 'departure' | 'end', string];
  const opened = {
    isBehind: () => asked.endsWith('behind'),
    strayBytes: () => (history.includes('piece') ? stray : undefined),
  };
  return accounts.failureOf(0, occasion, Number(askedMs) * ms, opened)?.join(': ');
}

type Row = [what: string, history: string, asked: string, failure: RegExp, kind?: Kind];
const judged = (rows: Row[]) =>
  test.each(rows)('%s', (_what, history, asked, failure, kind) =>
    expect(failureOf(history, asked, kind) ?? 'none').toMatch(failure),
  );

const open = 'opened 100, response 110';
const fine = /^none$/;

describe('while it is open', () => {
  judged([
    ['sends events', `${open}, event 200-6000`, 'watch 6050', fine],
    ['no response yet', 'opened 100', 'watch 5099', fine],
    ['no response', 'opened 100', 'watch 5100', /^no answer: no response for 5 s; the server may/],
    ['falls silent', `${open}, event 200`, 'watch 5200', /^stalled: nothing received for 5 s; /],
    ['silent after its response', open, 'watch 5110', /^stalled: nothing received for 5 s; /],
    [
      'silent in an event',
      `${open}, piece 200`,
      'watch 5200',
      /^no whole event: 8 .*; nothing rec/,
    ],
    ['no whole event yet', `${open}, piece 200-9000`, 'watch 9050', fine],
    ['quiet', open, 'watch 9999', fine, { isQuiet: true }],
  ]);
});

describe('at the end of its lifetime', () => {
  const hasLifetime = true;
  judged([
    ['sent events', `${open}, event 200-900`, 'departure 910', fine, { hasLifetime }],
    ['only a response', open, 'departure 4000', fine, { hasLifetime }],
    ['no response in 1 s', 'opened 100', 'departure 1100', /^no answer: no response in its lifet/],
    ['no response in under 1 s', 'opened 100', 'departure 1099', fine, { hasLifetime }],
    ['no whole event in 1 s', `${open}, piece 200-1200`, 'departure 1200', /^no whole event: 8 by/],
    ['no whole event in under 1 s', `${open}, piece 201-1200`, 'departure 1200', fine],
  ]);
});

describe('at the end of the run', () => {
  const slow = { intervalMs: 400 };
  const hasLifetime = true;
  judged([
    ['sent events', `${open}, event 200-9950`, 'end 10010', fine],
    ['no response', 'opened 9900', 'end 10010', /^no answer: no response by the end of the run; /],
    ['started under 1 s before the end', 'opened 9001', 'end 10010', fine, { hasLifetime }],
    ['started 1 s before the end', 'opened 9000', 'end 10010', /^no answer: /, { hasLifetime }],
    ['silent for 1 s', `${open}, event 200-9000`, 'end 10500', /^stalled: .* in the last 1\.0 s; /],
    ['silent for under 1 s', `${open}, event 201-9001`, 'end 10500', fine],
    [
      'silent for 5 intervals',
      `${open}, event 8000`,
      'end 10010',
      /^stalled: .* last 2\.0 s/,
      slow,
    ],
    ['silent for under 5 intervals', `${open}, event 8001`, 'end 10010', fine, slow],
    ['no whole event', `${open}, piece 200-9950`, 'end 10010', /^no whole event: 8 bytes without/],
    ['no whole event in 5 intervals', `${open}, piece 8000-9900`, 'end 10010', /^no whole/, slow],
    ['no whole event in under 5 intervals', `${open}, piece 8001-9950`, 'end 10010', fine, slow],
    ['cut short', 'opened 100', 'end 3000', fine],
    ['ended early', 'opened 100, ended early 3000', 'end 3010', /^no answer: /],
    ['no known interval', `${open}, event 200`, 'end 10010', fine, ownPace],
    [
      'silent by its own pace',
      `${open}, event 200-5000`,
      'end 10010',
      /^stalled: .* 5\.0 s, after 49 ev/,
      ownPace,
    ],
    ['quiet', 'opened 100', 'end 10010', fine, { isQuiet: true }],
  ]);
});

describe('with a cut', () => {
  const isToBeCut = true;
  const kind = { isToBeCut };
  const again = 'cut 1000, opened 1200, response 1210';
  judged([
    ['cut and back', `${open}, ${again}, event 1300-9950`, 'end 10010', fine, kind],
    ['not reconnected', `${open}, cut 1000`, 'end 10010', /^not reconnected: /, kind],
    ['a response but no event', `${open}, ${again}`, 'end 10010', /^not reconnected: /, kind],
    ['away at an early end', `${open}, cut 1000, ended early 1100`, 'end 1110', fine, kind],
    ['not cut', `${open}, event 200-9950`, 'end 10010', /^not cut: ssebench cut all streams/, kind],
    ['not cut at an early end', `${open}, ended early 2000`, 'end 2010', /^not cut: /, kind],
    ['no response again', `${open}, cut 1000, opened 1200`, 'watch 6200', /^no answer: /, kind],
    ['silent again', `${open}, ${again}, event 1300`, 'watch 6300', /^stalled: /, kind],
    [
      'lost while paused',
      `${open}, busy 900, lost 950, cut 1000`,
      'end 10010',
      /^not reconnected/,
      kind,
    ],
    ['not decoded yet', `${open}, ${again}, piece 1220, busy 1220`, 'end 10010', fine, kind],
  ]);
});

describe('with pauses of reading while we decode', () => {
  const sent = `${open}, event 200-1000, busy 1000`;
  const paused = `${open}, event 200-2000, busy 2000, reads on 6000`;
  judged([
    ['still paused', sent, 'watch 9000', fine],
    ['read again for a moment', `${sent}, reads on 8900`, 'watch 9000', fine],
    [
      'silent after the pause',
      `${sent}, reads on 3000`,
      'watch 8000',
      /^stalled: nothing received for 5 s/,
    ],
    ['paused at the end', sent, 'end 10010', fine],
    ['paused until just before the end', `${sent}, reads on 9500`, 'end 10010', fine],
    ['paused until just after the end', `${sent}, reads on 10005`, 'end 10010', fine],
    ['paused at the end of its lifetime', `${open}, piece 200, busy 210`, 'departure 4000', fine],
    ['no time for an event', `${open}, piece 200, busy 210, reads on 9500`, 'end 10010', fine],
    [
      'enough time before the pause',
      `${open}, piece 200, busy 1200, reads on 9900`,
      'end 10010',
      /^no whole event/,
    ],
    [
      'its own pace',
      `${open}, event 200-2000, busy 2000, reads on 9500`,
      'end 10010',
      fine,
      ownPace,
    ],
    ['not all decoded at the end', `${open}, event 200-1000`, 'end 10010 behind', fine],
    ['not all decoded when watched', `${open}, event 200-1000`, 'watch 9000 behind', fine],
    ['decoded long after it arrived', `${open}, event 200, decodes 300-9500`, 'end 10010', fine],
    [
      'silent since the last decoding',
      `${open}, event 200, decodes 300-2000`,
      'watch 8000',
      /^stalled: /,
    ],
    [
      'a pause of ours does not count for the pace',
      `${paused}, event 6050-7050`,
      'end 10010',
      /^stalled: .* 3\.0 s/,
      ownPace,
    ],
  ]);
});

describe('each measured stream is counted once', () => {
  test.each(['stopped', 'ended', 'failed'] as const)('%s', (first) => {
    const { accounts, endings } = world();
    accounts.settle(0, first === 'failed' ? ['connection reset', 'why'] : first);
    for (const later of ['stopped', 'ended'] as const) accounts.settle(0, later);
    accounts.settle(0, ['stalled', 'later']);
    expect(endings.findings()).toEqual({
      counts: { stopped: 0, ended: 0, ...(first !== 'failed' && { [first]: 1 }) },
      failures: first === 'failed' ? { 'connection reset': { count: 1, example: 'why' } } : {},
    });
  });
  test('other streams are not counted', () => {
    const { accounts, endings } = world({ isQuiet: true });
    accounts.settle(0, 'stopped');
    expect(endings.findings().counts.stopped).toBe(0);
  });
});
