import { expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { markdownReport } from './markdown/markdown.ts';
import { pageReport } from './page/page.ts';
import { terminalReport } from './terminal/terminal.ts';

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
    terminalReport(hanging, { width: 200, style }),
    markdownReport(hanging),
    pageReport(hanging),
  ])
    expect(report).toContain(
      'koa: hangs: of 100 streams 0 ended properly, 100 were still open after 30s',
    );
});
