import { describe, expect, test } from 'vitest';
import type { LeaksResult, ModeResult } from '../../result/leak-result.ts';
import type { Leak } from '../../result/leak-result.ts';
import { githubAnnotations } from '../ci/annotations.ts';
import { junitReport } from '../ci/junit.ts';
import { leaksCiReport } from '../ci/leak-cases.ts';
import { leaksCiTexts } from '../ci/texts.ts';
import { leaksReport } from './leaks.ts';
import { leakText } from '../shared/leak-words.ts';

const leak: Leak = {
  kind: 'timer',
  what: 'setInterval 1000 ms',
  place: { file: 'src/ev,ents.ts', line: 14, column: 3 },
  traced: true,
  library: undefined,
  count: 150,
  perDisconnect: 1,
  disconnects: 150,
  afterMs: 5_012,
  releasedAfterMs: null,
};
const mode = (name: string, about: string, more: Partial<ModeResult> = {}): ModeResult => ({
  mode: name,
  about,
  skipped: null,
  tookMs: 2_500,
  disconnects: 150,
  leaks: [],
  unexpected: [],
  cleanAfterMs: 80,
  releaseMs: null,
  blockedKbPerStream: null,
  ...more,
});
const result: LeaksResult = {
  schemaVersion: 2,
  startedAt: '2026-01-02T03:04:05.000Z',
  servers: [
    {
      server: 'good',
      inspection: 'inspector',
      why: '',
      state: 'clean',
      reason: null,
      endedEarly: null,
      modes: [
        mode('close', 'graceful close'),
        mode('post', 'close of a POST with a body', {
          skipped: 'POST failed: status 404',
          disconnects: 0,
        }),
      ],
    },
    {
      server: 'bad',
      inspection: 'inspector',
      why: '',
      state: 'leaking',
      reason: null,
      endedEarly: null,
      modes: [
        mode('close', 'graceful close', { leaks: [leak] }),
        mode('reset', 'reset'),
        mode('post', 'close of a POST with a body', {
          unexpected: ['no events: 150 streams & none'],
        }),
      ],
    },
    {
      server: 'silent',
      inspection: 'inspector',
      why: '',
      state: 'unexpected',
      reason: null,
      endedEarly: null,
      modes: [mode('close', 'graceful close', { unexpected: ['no events'] })],
    },
    {
      server: 'gone',
      inspection: 'inspector',
      why: '',
      state: 'not inspected',
      reason: 'it <ended>:\n  50 % of it',
      endedEarly: null,
      modes: [],
    },
  ],
};

test('in the terminal report, each server begins with its verdict', () => {
  expect(leaksReport(result.servers, { style: (_format, text) => text })).toMatchInlineSnapshot(`
    "clean  good: clean, but not tested: close of a POST with a body (POST failed: status 404); tested with 150 disconnects: graceful close (inspected with V8’s inspector)
      skipped  close of a POST with a body: POST failed: status 404
    LEAKS  bad: leaks at src/ev,ents.ts:14 in 1 of 3 disconnect modes (inspected with V8’s inspector)
      LEAK  graceful close: 1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s
            Clear the timer when the response closes: res.on('close', …), or finished(res, …) from node:stream.
      UNEXPECTED  close of a POST with a body: no events: 150 streams & none
      clean  150 disconnects: reset
    UNEXPECTED  silent: unexpected observations by clients in 1 of 1 disconnect mode (inspected with V8’s inspector)
      UNEXPECTED  graceful close: no events
    NOT INSPECTED  gone: it <ended>:
          50 % of it"
  `);
});

describe('a mode that must be tested and was skipped', () => {
  const skipped = 'the server sent too little within 3 s; allow more time with --patience';
  const [good] = result.servers;
  const servers = [
    {
      ...good!,
      state: 'not tested' as const,
      mustTestAll: true,
      modes: [mode('close', 'graceful close'), mode('stop-reading', 'stop reading', { skipped })],
    },
  ];

  test('is in the first line, with its reason', () =>
    expect(leaksReport(servers, { style: (_format, text) => text })).toMatchInlineSnapshot(`
      "NOT TESTED  good: clean, but not tested: stop reading (the server sent too little within 3 s); tested with 150 disconnects: graceful close (inspected with V8’s inspector)
        skipped  stop reading: the server sent too little within 3 s; allow more time with --patience
        note  a mode that --modes names must not be skipped, and with --strict no mode; make it possible, or name only the other modes"
    `));

  test('is an error in JUnit and in annotations', () => {
    const report = leaksCiReport({ ...result, servers });
    expect(junitReport(report)).toContain('tests="2" failures="0" errors="1" skipped="0"');
    expect(githubAnnotations(report)).toEqual([
      `::error title=ssebench leaks::good, stop reading: not tested: ${skipped}`,
    ]);
  });

  test('is in the first line of a summary', () => {
    const [first, ...others] = servers.map((each) => ({ ...each, mustTestAll: false }));
    const { markdown } = leaksCiTexts({ ...result, servers: [first!, ...others] });
    expect(markdown(undefined)).toMatch(
      /^## ssebench leaks: passed, but not tested: stop reading\n/,
    );
    expect(markdown(undefined)).toContain('| not tested: the server sent too little');
  });
});

describe('a server that died', () => {
  const [, , , gone] = result.servers;
  const place = { file: 'src/hub.ts', line: 8, column: 3 };
  const servers = [
    {
      ...gone!,
      state: 'died' as const,
      reason: 'node x ended: exit code 1\n  TypeError: no session',
      death: { modes: ['reset'], about: 'reset', place },
      modes: [mode('close', 'graceful close')],
    },
  ];

  test('is reported with its mode, its line and its last output', () =>
    expect(leaksReport(servers, { style: (_format, text) => text })).toMatchInlineSnapshot(`
      "DIED  gone: died while clients disconnected (reset) at src/hub.ts:8: node x ended: exit code 1
            TypeError: no session
        clean  150 disconnects: graceful close"
    `));

  test('is a failure in JUnit and in annotations, with its line', () => {
    const report = leaksCiReport({ ...result, servers });
    expect(junitReport(report)).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(githubAnnotations(report)[0]).toMatch(
      /^::error file=src\/hub\.ts,line=8,title=ssebench leaks::gone, the server runs on: died while/,
    );
  });
});

test('no text of a server looks like a line of ssebench', () => {
  const forged = 'ended:\n  LEAK  graceful close: forged';
  const [good, , , gone] = result.servers;
  const servers = [
    {
      ...good!,
      server: `good ${forged}`,
      why: forged,
      reason: forged,
      modes: [mode('close', 'graceful close'), mode('reset', 'reset', { skipped: forged })],
    },
    { ...gone!, reason: forged },
  ];
  const report = leaksReport(servers, { style: (_format, text) => text });
  expect(report).toContain('skipped  reset: ended:   LEAK  graceful close: forged');
  expect(report.split('\n').filter((line) => /^ {0,3}LEAK/.test(line))).toEqual([]);
  expect(report.split('\n').filter((line) => /^ +LEAK/.test(line))).toEqual([
    '      LEAK  graceful close: forged',
    '      LEAK  graceful close: forged',
  ]);
});

test('the growth of memory has its interval', () => {
  const memory = { kind: 'heap', what: 'memory', place: undefined, count: 3_796.4 } as const;
  expect(leakText({ ...leak, ...memory, perDisconnect: 4.2, interval: [4.1, 4.3] })).toBe(
    '4.20 KB of memory per disconnect (95 % interval 4.10 to 4.30; 3796 after 150 disconnects): memory, not released after 5.0 s',
  );
});

test('a leak once per group of clients is not reported per disconnect', () => {
  expect(leakText({ ...leak, count: 6, groups: 6, disconnects: 158, perDisconnect: 0.04 })).toBe(
    '1.00 timers per group of clients, each time the last one disconnects (6 after 6 groups): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s',
  );
});

test('the text of a late release', () => {
  expect(leakText({ ...leak, releasedAfterMs: 7_049 })).toBe(
    '1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s, but gone after 7.0 s. Raise --deadline if that is early enough',
  );
});

test('the text of memory that grows while streams are open', () => {
  const what = 'memory of streams that are open and healthy';
  const growth: Leak = {
    ...leak,
    kind: 'growth',
    what,
    place: undefined,
    count: 300.2,
    perDisconnect: 2,
  };
  expect(leakText(growth)).toBe(
    '2.00 KB per event per open stream (300 KB when each of 150 streams receives an event): memory of streams that are open and healthy, still growing after 5.0 s',
  );
});

test('the text of memory that grows for clients that do not read', () => {
  const what = 'data queued for clients that do not read';
  const memory: Leak = {
    ...leak,
    kind: 'memory',
    what,
    place: undefined,
    count: 900,
    perDisconnect: 6,
  };
  expect(leakText(memory)).toBe(
    '6.00 KB per second per blocked stream (900 KB per second for all 150 streams together): data queued for clients that do not read, still growing after 5.0 s',
  );
});

test('the JUnit report escapes special characters of XML', () => {
  expect(junitReport(leaksCiReport(result))).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="ssebench leaks">
      <testsuite name="good" tests="2" failures="0" errors="0" skipped="1" time="5.000" timestamp="2026-01-02T03:04:05.000Z">
        <testcase classname="good" name="graceful close" time="2.500"/>
        <testcase classname="good" name="close of a POST with a body" time="2.500">
          <skipped message="POST failed: status 404">POST failed: status 404</skipped>
        </testcase>
      </testsuite>
      <testsuite name="bad" tests="3" failures="2" errors="0" skipped="0" time="7.500" timestamp="2026-01-02T03:04:05.000Z">
        <testcase classname="bad" name="leak at src/ev,ents.ts:14" time="2.500" file="src/ev,ents.ts" line="14">
          <failure message="graceful close: 1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s. Clear the timer when the response closes: res.on(&#39;close&#39;, …), or finished(res, …) from node:stream.">graceful close: 1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s. Clear the timer when the response closes: res.on(&#39;close&#39;, …), or finished(res, …) from node:stream.</failure>
        </testcase>
        <testcase classname="bad" name="reset" time="2.500"/>
        <testcase classname="bad" name="close of a POST with a body" time="2.500">
          <failure message="no events: 150 streams &amp; none">no events: 150 streams &amp; none</failure>
        </testcase>
      </testsuite>
      <testsuite name="silent" tests="1" failures="1" errors="0" skipped="0" time="2.500" timestamp="2026-01-02T03:04:05.000Z">
        <testcase classname="silent" name="graceful close" time="2.500">
          <failure message="no events">no events</failure>
        </testcase>
      </testsuite>
      <testsuite name="gone" tests="1" failures="0" errors="1" skipped="0" time="0.000" timestamp="2026-01-02T03:04:05.000Z">
        <testcase classname="gone" name="not inspected" time="0.000">
          <error message="it &lt;ended&gt;:&#10;  50 % of it">it &lt;ended&gt;:&#10;  50 % of it</error>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

describe('GitHub annotations', () => {
  test('escape special characters of workflow commands', () => {
    expect(githubAnnotations(leaksCiReport(result))).toMatchInlineSnapshot(`
      [
        "::warning title=ssebench leaks::good, close of a POST with a body: not tested: POST failed: status 404",
        "::error file=src/ev%2Cents.ts,line=14,title=ssebench leaks::bad, leak at src/ev,ents.ts:14: graceful close: 1.00 timers per disconnect (150 after 150 disconnects): setInterval 1000 ms created at src/ev,ents.ts:14, not released after 5.0 s. Clear the timer when the response closes: res.on('close', …), or finished(res, …) from node:stream.",
        "::error title=ssebench leaks::bad, close of a POST with a body: no events: 150 streams & none",
        "::error title=ssebench leaks::silent, graceful close: no events",
        "::error title=ssebench leaks::gone, not inspected: it <ended>:%0A  50 %25 of it",
      ]
    `);
  });
});
