import { expect, test } from 'vitest';
import type { ShutdownOutcome } from '../scenario/kinds/shutdown.ts';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { figuresOf } from './summary.ts';

const outcome: ShutdownOutcome = {
  kind: 'shutdown',
  streams: 100,
  endedProperly: 100,
  cut: 0,
  cutInEvent: 0,
  stillOpen: 0,
  retrySeen: 0,
  received: 500,
  sent: 500,
  lost: 0,
  refusedAfterMs: 2,
  exitAfterMs: 9,
  exitCode: 0,
  signal: null,
  wasKilled: false,
};

test.each<[string, Partial<ShutdownOutcome>, number | undefined]>([
  ['a report', {}, 0],
  ['a report, and losses', { sent: 507, lost: 7 }, 7],
  ['no report, and losses', { sent: null, lost: 3 }, 3],
  ['no report, and no losses', { sent: null, lost: 0 }, undefined],
  ['no report and no numbers', { sent: null, lost: null }, undefined],
])('lost events with %s: %s', (_what, own, lost) => {
  const round = measuredRound('koa', 1, { outcome: { ...outcome, ...own } });
  expect(figuresOf(round).figures.get('lost-events')).toBe(lost);
});
