/** Describes unexpected observations of a crowd. Pure. */
import { methodRemedy } from '../../stream/first-request.ts';
import { addUp } from '../../measure/failure-counts.ts';
import type { CrowdReport } from './task.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';

/**
 * @returns why a POST mode cannot be tried, or `null`: a server may not support POST, or may expect
 * another body or client
 */
export function whyNoPost({ failures }: CrowdReport): string | null {
  const cause = Object.keys(failures).find((each) =>
    /^status (4\d\d|501)$|^not an event stream$/.test(each),
  );
  if (cause === undefined) return null;
  const remedy = /404|405|501/.test(cause)
    ? ''
    : '; set what the server expects with --body and --header';
  return `POST failed: ${cause}${remedy}`;
}

/** Why none of the streams of these reports opened. */
export function whyNotOpened(reports: readonly CrowdReport[]): string {
  const ended = reports.reduce((total, report) => total + report.ended, 0);
  const causes: CrowdReport['failures'] =
    ended > 0 ? { 'ended by the server': { count: ended, example: '' } } : {};
  const isWrongMethod = reports.some(({ failures }) => 'status 405' in failures);
  const remedy = isWrongMethod ? `; ${methodRemedy}` : '';
  return `no stream opened: ${causesOf([...reports, { failures: causes }])}${remedy}`;
}

/**
 * Whether some clients received nothing in time although others did, and the server refused none.
 * On a busy machine that is usual, and more time shows whether the server is the cause.
 */
export const missedSome = (reports: readonly (CrowdReport & { planned: number })[]): boolean =>
  reports.some(({ served }) => served > 0) &&
  reports.some(({ served, planned }) => served < planned) &&
  reports.every(({ ended, failures }) => ended === 0 && Object.keys(failures).length === 0);

/**
 * In modes in which clients wait for events, reports missing events and missing streams.
 *
 * @param waitedFor number of events that each client waits for
 */
export function unexpectedObservations(
  { when, method }: Pick<DisconnectMode, 'when'> & { method: string },
  waitedFor: number,
  reports: readonly (CrowdReport & { planned: number })[],
): string[] {
  if (when !== 'after events') return [];
  const sum = (of: (report: (typeof reports)[number]) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const [opened, served, events, ended] = [
    sum((each) => each.opened),
    sum((each) => each.served),
    sum((each) => each.events),
    sum((each) => each.ended),
  ];
  const planned = sum((each) => each.planned);
  const refused = planned - opened;
  const unexpected: string[] = [];
  if (opened > 0 && refused > 0)
    unexpected.push(`${refused} of ${planned} streams did not open: ${causesOf(reports)}`);
  if (opened === 0) unexpected.push(whyNotOpened(reports));
  else if (waitedFor === 0) return unexpected;
  else if (events === 0)
    unexpected.push(
      `no events on ${opened} ${method} streams; ${ended === 0 ? 'if streams can be idle, use --events 0' : `the server ended ${ended} of them`}`,
    );
  else if (served < opened)
    unexpected.push(
      `${opened - served} of ${opened} streams did not receive the expected number of events (${waitedFor})`,
    );
  return unexpected;
}

function causesOf(reports: readonly Pick<CrowdReport, 'failures'>[]): string {
  const all: CrowdReport['failures'] = {};
  for (const { failures } of reports) addUp(all, failures);
  const causes = Object.entries(all).map(
    ([cause, { count, example }]) => `${count} × ${cause}${example && ` (${example})`}`,
  );
  return causes.join(', ') || 'no answer';
}
