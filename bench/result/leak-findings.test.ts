import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import type { Place } from './held.ts';
import { adviceFor, adviceSections } from './leak-advice.ts';
import { findingsOf, totalOf } from './leak-findings.ts';
import { skippedMode, type Leak, type ModeResult } from './leak-result.ts';

const line = (file: string, at: number): Place => ({ file, line: at, column: 3 });
const leak = (more: Partial<Leak>): Leak => ({
  kind: 'timer',
  what: 'setInterval 1000 ms',
  traced: false,
  count: 150,
  perDisconnect: 1,
  disconnects: 150,
  afterMs: 5_000,
  releasedAfterMs: null,
  ...more,
});
const inMode = (name: string, ...leaks: Leak[]): ModeResult => ({
  ...skippedMode(
    disconnectModes.find((mode) => mode.name === name)!,
    '',
  ),
  skipped: null,
  leaks,
});
/** Each finding in short, and its consequences. */
const short = (modes: readonly ModeResult[]) =>
  findingsOf(modes).map(({ what, modes: found, consequences }) => [
    what,
    found.map(({ mode }) => mode).join(' '),
    ...consequences.map((each) => each.what),
  ]);
const timer = leak({ place: line('src/events.ts', 14) });
const socket = leak({ kind: 'socket', what: 'open socket' });

describe('findings', () => {
  test('merge the modes in which the same line leaks', () => {
    const modes = [
      inMode('close', timer),
      inMode('reset', leak({ ...timer, count: 100, disconnects: 100, releasedAfterMs: 7_000 })),
    ];
    expect(short(modes)).toEqual([['setInterval 1000 ms', 'close reset']]);
    expect(totalOf(findingsOf(modes)[0]!)).toMatchObject({
      count: 250,
      disconnects: 250,
      perDisconnect: 1,
      releasedAfterMs: null,
    });
  });
  test('keep different lines apart', () => {
    const other = leak({ place: line('src/events.ts', 20) });
    expect(short([inMode('close', timer, other)])).toEqual([
      ['setInterval 1000 ms', 'close'],
      ['setInterval 1000 ms', 'close'],
    ]);
  });
  test('keep things of one line apart if they leak in different modes', () => {
    const traced = leak({ ...socket, place: timer.place });
    expect(short([inMode('close', timer, traced), inMode('reset', traced)])).toEqual([
      ['setInterval 1000 ms', 'close'],
      ['open socket', 'close reset'],
    ]);
  });
  test('list the listener of errors under the listener of the same line', () => {
    const on = (event: string) =>
      leak({ kind: 'listener', what: `listener of '${event}'`, place: line('src/hub.ts', 8) });
    expect(short([inMode('close', on('error'), on('tick'))])).toEqual([
      ["listener of 'tick'", 'close', "listener of 'error'"],
    ]);
  });
  test.each<[string, Partial<Leak>]>([
    ['an equal number', { perDisconnect: 1 }],
    ['two for each', { perDisconnect: 2.02 }],
    ['those of a library', { place: line('node_modules/x/y.js', 1) }],
    ["those of Node's own code", { place: line('node:internal/deps/undici/undici', 1) }],
  ])('list things without a line under the leak with a line: %s', (_what, more) =>
    expect(short([inMode('close', leak({ ...socket, ...more }), timer)])).toEqual([
      ['setInterval 1000 ms', 'close', 'open socket'],
    ]),
  );
  test.each<[string, ModeResult[]]>([
    ['fewer', [inMode('close', timer, leak({ ...socket, perDisconnect: 0.5 }))]],
    ['no multiple', [inMode('close', timer, leak({ ...socket, perDisconnect: 1.4 }))]],
    ['another mode', [inMode('close', timer), inMode('reset', socket)]],
    ['a rate', [inMode('close', timer, leak({ kind: 'wakeup', what: 'open socket' }))]],
  ])('do not list other things under it, but after it: %s', (_what, modes) =>
    expect(short(modes).map(([what]) => what)).toEqual(['setInterval 1000 ms', 'open socket']),
  );
});

describe('a leak once per group of clients', () => {
  const perGroup = { groups: 6, count: 6, perDisconnect: 0.04 };
  const [finding] = findingsOf([
    inMode('close', leak({ ...timer, ...perGroup }), leak({ ...socket, ...perGroup, count: 12 })),
    inMode('reset', leak({ ...timer, ...perGroup, groups: 2, count: 2 })),
  ]);
  test('counts the groups of all modes', () => {
    expect(totalOf(finding!)).toMatchObject({ count: 8, groups: 8 });
  });
  test('has consequences per group', () => {
    expect(finding!.consequences).toMatchObject([{ what: 'open socket', perGroup: 2 }]);
  });
  test('is the cause of no leak per disconnect', () => {
    const modes = [inMode('close', leak({ ...timer, ...perGroup, perDisconnect: 1 }), socket)];
    expect(findingsOf(modes)).toHaveLength(2);
  });
  test('has advice that no close handler of one stream gives', () => {
    expect(finding).toMatchObject({
      advice: expect.stringContaining('when the last one disconnects'),
      docs: 'docs/fix-leaks.md#shared-sources',
    });
  });
});

describe('the advice', () => {
  test('depends on the kind', () => {
    expect(adviceFor('timer', ['close', 'early']).advice).toMatch(/^Clear the timer when/);
    expect(adviceFor('socket', ['close']).advice).toMatch(/^Destroy the connection/);
    expect(adviceFor('wakeup', ['close']).advice).toMatch(/^Stop the timers/);
  });
  test('names the cause of a mode if it leaks only there', () => {
    expect(adviceFor('timer', ['early', 'random'])).toEqual({
      advice: expect.stringMatching(/^These clients disconnect before .* Clear the timer when/),
      docs: 'docs/fix-leaks.md#early-disconnects',
    });
    expect(adviceFor('timer', ['post']).advice).toContain('not of the request');
  });
  test('asks for writes or keep-alive after a lost connection, and not for a close handler', () => {
    const { advice } = adviceFor('timer', ['half-open']);
    expect(advice).toMatch(/Write regularly.*keepAlive/);
    expect(advice).not.toMatch(/res\.on|finished\(/);
  });
  test('points to a section that exists', () => {
    const page = readFileSync(new URL('../../docs/fix-leaks.md', import.meta.url), 'utf8');
    const headings = new Set(
      [...page.matchAll(/^## (.+)$/gm)].map(([, text]) =>
        text!
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    expect(adviceSections.filter((section) => !headings.has(section))).toEqual([]);
  });
});
