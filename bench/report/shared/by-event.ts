/** The table of `--by-event`: a row for each event name of each server. */
import type { NamedSummary, ServerSummary } from '../../metrics/summary.ts';
import { decodeDurations, samplesNeeded } from '../../measure/durations.ts';
import { formatNumber } from './format.ts';
import type { Column } from './text-table.ts';

export const byEventTitle = 'By event name';

/** @returns the names and the columns; `undefined` if no server has figures of event names */
export function byEventTable(
  summaries: readonly ServerSummary[],
): readonly [Column, ...Column[]] | undefined {
  const rows = summaries.flatMap(({ server, byEvent }) =>
    byEvent
      .toSorted((a, b) => b.events - a.events)
      .map((row) => ({
        ...row,
        title: summaries.length > 1 ? `${server}: ${row.name}` : row.name,
      })),
  );
  if (rows.length === 0) return undefined;
  const column = (title: string[], cell: (row: (typeof rows)[number]) => string): Column => ({
    title,
    cells: rows.map(cell),
  });
  const hasDelivery = rows.some(({ delivery }) => decodeDurations(delivery).count > 0);
  return [
    column(['event'], ({ title }) => title),
    column(['events', '/s'], perSecond),
    column(['gap p50', 'ms'], ({ gap }) => quantile(gap, 0.5)),
    column(['gap p99', 'ms'], ({ gap }) => quantile(gap, 0.99)),
    column(['gap max', 'ms'], ({ gap }) => quantile(gap, 1)),
    ...(hasDelivery
      ? [
          column(['delivery p50', 'ms'], ({ delivery }) => quantile(delivery, 0.5)),
          column(['delivery p99', 'ms'], ({ delivery }) => quantile(delivery, 0.99)),
        ]
      : []),
  ];
}

const perSecond = ({ events, measuredMs }: NamedSummary) =>
  measuredMs > 0 ? formatNumber(events / (measuredMs / 1000)) : '–';

function quantile(encoded: readonly string[], share: number): string {
  const durations = decodeDurations(encoded);
  if (durations.count === 0) return '–';
  if (durations.count < samplesNeeded(share)) return 'too few';
  return formatNumber(durations.quantileMs(share)!);
}
