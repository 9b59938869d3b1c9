/** Servers that shut down while streams are open, and end them, cut them or hang in a known way. */
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { kindOf } from '../../scenario/kinds/kinds.ts';
import type { ShutdownOutcome } from '../../scenario/kinds/shutdown.ts';
import { figuresOf, fixture, measured, measureOnce } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren(), () => []);

const streams = 20;
const graceMs = 2_000;

async function shutDown(file: string, grace = graceMs) {
  const { result, phases } = await measureOnce(
    { kind: 'reference', name: 'it', file },
    {
      generators: 0,
      scenario: { load: { kind: 'shutdown', graceMs: grace }, streams, quietStreams: 0 },
    },
  );
  const outcome = measured(result).outcome as ShutdownOutcome;
  return { result, phases, outcome, verdict: kindOf(outcome).judge!([outcome]) };
}

test('a server that exits at once cuts each stream inside an event', figured, async () => {
  const { result, outcome, verdict } = await shutDown(fixture('exits-at-once'));
  expect(outcome).toMatchObject({
    streams,
    endedProperly: 0,
    cut: streams,
    cutInEvent: streams,
    stillOpen: 0,
    retrySeen: 0,
    lost: streams,
    exitCode: 0,
    signal: null,
    wasKilled: false,
  });
  expect(outcome.received).toBe(outcome.sent);
  expect(outcome.exitAfterMs).toBeLessThan(500);
  expect(outcome.refusedAfterMs).toBeLessThan(500);
  expect(verdict).toMatchObject({ state: 'cuts streams', passed: false });
  expect(verdict.sentence).toContain(
    '0 of 20 streams ended properly, 20 were cut (20 within an event), 20 events were lost',
  );
  expect(figuresOf(result)).toMatchObject({
    'cut-streams': streams,
    'cut-in-event': streams,
    'lost-events': streams,
    killed: 0,
    'exit-code': 0,
  });
});

test('a server that ends its streams after half a second is clean', figured, async () => {
  const { result, phases, outcome, verdict } = await shutDown(fixture('ends-streams-properly'));
  expect(outcome).toMatchObject({
    streams,
    endedProperly: streams,
    cut: 0,
    stillOpen: 0,
    retrySeen: streams,
    lost: 0,
    exitCode: 0,
    wasKilled: false,
  });
  expect(outcome.received).toBe(outcome.sent);
  expect(outcome.exitAfterMs).toBeGreaterThan(490);
  expect(outcome.exitAfterMs).toBeLessThan(1_500);
  expect(outcome.refusedAfterMs).toBeLessThan(400);
  expect(verdict).toMatchObject({ state: 'clean', passed: true });
  expect(phases).toEqual(['start', 'ramp', 'warm up', 'measure', 'disconnect', 'stop']);
  const { samples } = measured(result).timeline;
  expect(Math.max(...samples.map(({ eventsPerSecond }) => eventsPerSecond))).toBeGreaterThan(0);
});

test('a server that never exits hangs, and is killed after the grace period', figured, async () => {
  const { result, outcome, verdict } = await shutDown(fixture('never-exits'), 700);
  expect(outcome).toMatchObject({
    streams,
    endedProperly: 0,
    cut: 0,
    stillOpen: streams,
    sent: null,
    lost: 0,
    refusedAfterMs: null,
    exitCode: null,
    signal: 'SIGKILL',
    wasKilled: true,
  });
  expect(outcome.exitAfterMs).toBeGreaterThan(690);
  expect(verdict).toMatchObject({ state: 'hangs', passed: false });
  expect(verdict.sentence).toMatch(
    /20 were still open after .*, the number of lost events is unknown\. New connections were never refused, and ssebench had to kill the process after/,
  );
  expect(figuresOf(result)).toMatchObject({
    'still-open': streams,
    'lost-events': undefined,
    killed: 1,
    'refused-after': undefined,
    'exit-code': undefined,
  });
});

test('a server that drops the last two events of each stream loses them', figured, async () => {
  const { outcome, verdict } = await shutDown(fixture('drops-last-events'));
  expect(outcome).toMatchObject({ endedProperly: streams, cut: 0, lost: 2 * streams, exitCode: 0 });
  expect(outcome.sent).toBe(outcome.received + 2 * streams);
  expect(verdict.state).toBe('cuts streams');
});

test('a server without a handler is ended by the signal between events', figured, async () => {
  const { outcome, verdict } = await shutDown(fixture('starts-once'));
  expect(outcome).toMatchObject({
    cut: streams,
    cutInEvent: 0,
    sent: null,
    lost: 0,
    exitCode: null,
    signal: 'SIGTERM',
    wasKilled: false,
  });
  expect(verdict.state).toBe('cuts streams');
  expect(verdict.sentence).toContain('the number of lost events is unknown');
});

describe('a reference server', () => {
  test.each(Object.entries(catalog).filter(([, { http2 }]) => !http2))(
    '%s ends all streams properly',
    figured,
    async (_name, { file }) => {
      const { outcome, verdict } = await shutDown(file);
      expect(outcome).toMatchObject({ streams, endedProperly: streams, lost: 0, exitCode: 0 });
      expect(outcome.received).toBe(outcome.sent);
      expect(verdict.state).toBe('clean');
    },
  );
});
