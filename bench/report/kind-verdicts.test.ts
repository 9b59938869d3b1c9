import { expect, test } from 'vitest';
import { markdownOf, pageOf, terminalOf } from '../tests/fixtures/helpers/reports.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';

test('every report has the verdict of the load kind', () => {
  const outcome = {
    kind: 'shutdown' as const,
    streams: 100,
    endedProperly: 0,
    cut: 0,
    cutInEvent: 0,
    stillOpen: 100,
    retrySeen: 0,
    received: 2_000,
    sent: null,
    lost: 0,
    refusedAfterMs: null,
    exitAfterMs: 30_000,
    exitCode: null,
    signal: 'SIGKILL',
    wasKilled: true,
  };
  const { scenario, ...result } = runResult(['koa'], [measuredRound('koa', 1, { outcome })]);
  const hanging = {
    ...result,
    scenario: { ...scenario, load: { kind: 'shutdown' as const, graceMs: 30_000 } },
  };
  const style = (_format: unknown, text: string) => text;
  for (const report of [
    terminalOf(hanging, { width: 200, style }),
    markdownOf(hanging),
    pageOf(hanging),
  ])
    expect(report).toContain(
      'koa: hangs: 0 of 100 streams ended properly, 100 were still open after 30s',
    );
});
