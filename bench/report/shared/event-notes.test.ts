import { describe, expect, test } from 'vitest';
import { createHistogram } from '../../measure/histogram.ts';
import type { EventDataFindings, NumberingEvidence } from '../../result/event-data.ts';
import type { MeasuredRound } from '../../result/run-result.ts';
import { noEventOptions } from '../../scenario/event-options.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import { markdownReport } from '../markdown/markdown.ts';
import { pageReport } from '../page/page.ts';
import { terminalReport } from '../terminal/terminal.ts';

const plain = { width: 1_000, style: (_format: unknown, text: string) => text };
const events = { ...noEventOptions, sequence: 'seq', stamp: 'at' };
const stamp: NonNullable<EventDataFindings['stamp']> = {
  found: 40_000,
  absent: 0,
  example: '',
  foreign: 0,
  isElsewhere: false,
  clock: 'wall',
  resolutionNs: 1e6,
  wallClockStepNs: 0,
};
const numbers = { found: 40_000, absent: 0, example: '' };
const feed: NumberingEvidence = {
  given: null,
  streams: 1_000,
  lowest: 7,
  atLowest: 1,
  aboveLowest: 5_000,
  flawlessAtLowest: 1,
  flawlessAbove: 999,
  atFront: 980,
  behind: 0,
  steps: 39_000,
  following: 39_000,
};

function resultWith(
  overrides: Partial<MeasuredRound>,
  options = events,
  url = 'http://127.0.0.1/',
) {
  const result = runResult([url], [measuredRound(url, 1, { process: null, ...overrides })]);
  return { ...result, scenario: { ...result.scenario, events: options } };
}
function reported(overrides: Partial<MeasuredRound>, options = events): string {
  const result = resultWith(overrides, options);
  return terminalReport(result, findingsOf(result), plain as never);
}

test('a server with paths of its own is described by them', () => {
  const data = { sequence: { ...numbers, absent: 3, example: '{n: 1}' }, stamp: null };
  const result = {
    ...resultWith({ eventData: data }),
    settings: { 'http://127.0.0.1/': { request: {}, events: { ...events, sequence: 'own.n' } } },
  };
  expect(terminalReport(result, findingsOf(result), plain as never)).toContain(
    '3 events had no number at --sequence own.n: {n: 1}.',
  );
});

describe('notes', () => {
  test('a feed, and stamps in milliseconds', () => {
    const text = reported({ eventData: { sequence: numbers, stamp }, numbering: feed });
    expect(text).toContain(
      'http://127.0.0.1/: the numbers belong to one feed for all streams (980 of 980 later streams began higher, by as much as the newest number had advanced).',
    );
    expect(text).toContain(
      'http://127.0.0.1/: its stamps have a resolution of 1 ms, and so has delivery.',
    );
  });

  test('counters of streams add the events before the first number to the missing ones', () => {
    const counters = {
      ...feed,
      atLowest: 998,
      aboveLowest: 5,
      flawlessAbove: 2,
      atFront: 0,
      behind: 980,
    };
    const text = reported({
      counts: { ...measuredRound('', 1).counts, uncounted: 12 },
      eventData: { sequence: { ...numbers, absent: 12, example: '{ping: text}' }, stamp: null },
      numbering: counters,
    });
    expect(text).toContain(
      'each stream has its own numbers (980 of 980 later streams did not begin higher by as much as the newest number had advanced; most streams began with 7).',
    );
    expect(text).toContain('12 events had no number at --sequence seq: {ping: text}.');
    expect(text).toContain('up to 5 events are missing in a round');
  });

  test('numbers that do not count up by one', () => {
    const text = reported({
      eventData: { sequence: numbers, stamp: null },
      numbering: { ...feed, steps: 9_000, following: 0 },
      counts: { ...measuredRound('', 1).counts, missing: 890_000 },
    });
    expect(text).toContain(
      'no number at --sequence seq is one higher than the one before it, so missing events are unknown.',
    );
    expect(text).not.toContain('are missing');
  });

  test('times that are not within 1 h of our clock, beside others that are', () =>
    expect(reported({ eventData: { sequence: null, stamp: { ...stamp, foreign: 9 } } })).toContain(
      'delivery is without 9 events, whose times are not within 1 h of this machine’s clock.',
    ));

  test('a server on another machine', () =>
    expect(
      reported({ eventData: { sequence: numbers, stamp: { ...stamp, isElsewhere: true } } }),
    ).toContain(
      'no delivery, because the URL, or a redirect of it, may lead to another machine, whose clock may differ from the clock of this machine.',
    ));

  test('a server with its own counter', () =>
    expect(reported({})).toContain('its own counter has the numbers, not --sequence.'));
});

describe('problems', () => {
  const none = { found: 0, absent: 40_000, example: '{n: number}' };
  const counts = { ...measuredRound('', 1).counts, uncounted: 40_000 };

  test('no number and no time was found', () => {
    const text = reported({ counts, eventData: { sequence: none, stamp: { ...stamp, ...none } } });
    expect(text).toContain(
      'no event had a whole number at --sequence seq; an event has {n: number}',
    );
    expect(text).toContain('no event had a time at --stamp at; an event has {n: number}');
    expect(text).not.toMatch(/^missing/m);
  });

  test('then an expectation is not met', () => {
    const result = {
      ...resultWith({ counts, eventData: { sequence: none, stamp: null } }),
      expect: ['missing = 0'],
    };
    expect(findingsOf(result).thresholds).toMatchObject([{ state: 'unknown' }]);
  });

  test('times of another clock', () =>
    expect(
      reported({ eventData: { sequence: null, stamp: { ...stamp, found: 0, foreign: 9 } } }),
    ).toContain(
      'no time at --stamp at is within 1 h of this machine’s clock, in ns, µs, ms, s or as ISO text',
    ));
});

describe('the table of event names', () => {
  const histogram = createHistogram();
  for (let n = 0; n < 1_000; n++) histogram.recordNs(5e6);
  const encoded = histogram.encode();
  const hostile = '<b>|\u001b[31m';
  const result = resultWith({
    byEvent: [
      { name: hostile, events: 25, gap: createHistogram().encode(), delivery: encoded },
      { name: 'tick', events: 25_000, gap: encoded, delivery: encoded },
    ],
  });
  const findings = findingsOf(result);

  test('is sorted, and has a dash without gaps', () => {
    const text = terminalReport(result, findings, plain as never);
    expect(text).toMatch(/^event +events +gap p50 +gap p99 +gap max +delivery p50 +delivery p99$/m);
    expect(text).toMatch(/^tick +10,000 +5\.00 +5\.00 +5\.00 +5\.00 +5\.00$/m);
    expect(text).toMatch(/^<b>\|.* +10 +– +– +– +5\.00 +5\.00$/m);
  });

  test('is in Markdown and on the page, with names escaped', () => {
    expect(markdownReport(result, findings)).toMatch(/^\| tick \| 10,000 \| 5\.00 /m);
    const page = pageReport(result, findings);
    expect(page).toContain('<h2>By event name</h2>');
    for (const text of [markdownReport(result, findings), page]) {
      expect(text).not.toContain('<b>|');
      expect(text).not.toContain('\u001b');
    }
  });

  test('is absent without --by-event', () => expect(reported({})).not.toContain('By event name'));
});
