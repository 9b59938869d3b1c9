/**
 * A result as CI systems show it: test cases, and problems at source lines. Each command makes one of
 * its result, and every format is rendered from it. Pure.
 */
import { join, relative, resolve, sep } from 'node:path';

export interface Problem {
  text: string;
  /** The line of source code that causes it; absent if it is unknown. */
  place?: { file: string; line: number };
}

/** One claim about a server, such as an expectation or a disconnect mode. */
export interface CiCase {
  name: string;
  /**
   * `error`: the claim could not be judged, which counts as a failure. `untested`: it was not
   * judged, which is worth a warning. `skipped`: it does not apply.
   */
  state: 'passed' | 'failure' | 'error' | 'untested' | 'skipped';
  /** Why it did not pass; empty if it passed. */
  problems: readonly Problem[];
  /** `null` if it is unknown. */
  tookMs: number | null;
}

/** The cases of one server or URL. */
export interface CiSuite {
  name: string;
  cases: readonly CiCase[];
  /** `null` if it is unknown. */
  tookMs: number | null;
}

export interface CiReport {
  /** The command, such as `leaks`. */
  command: string;
  startedAt: string;
  suites: readonly CiSuite[];
}

export const passed = (name: string, tookMs: number | null = null): CiCase => ({
  name,
  state: 'passed',
  problems: [],
  tookMs,
});

/** A case that is judged without taking time. */
export const notPassed = (
  name: string,
  state: Exclude<CiCase['state'], 'passed'>,
  text: string,
): CiCase => ({ name, state, problems: [{ text }], tookMs: 0 });

export const failing = ({ state }: CiCase): boolean => state === 'failure' || state === 'error';

/** The number of cases in this state. */
export const countOf = (cases: readonly CiCase[], state: CiCase['state']): number =>
  cases.filter((each) => each.state === state).length;

/** The time of all parts, one after another; `null` if it is unknown for one of them. */
export const totalMs = (parts: readonly Pick<CiCase, 'tookMs'>[]): number | null =>
  parts.every(({ tookMs }) => tookMs !== null)
    ? parts.reduce((sum, { tookMs }) => sum + tookMs!, 0)
    : null;

export const interruption = 'the command was interrupted, so its result is incomplete';

/** An interrupted command has not judged everything, so its report does not pass. */
export const withInterruption = (report: CiReport, isInterrupted: boolean): CiReport =>
  isInterrupted
    ? {
        ...report,
        suites: [
          ...report.suites,
          {
            name: `ssebench ${report.command}`,
            cases: [notPassed('complete result', 'error', interruption)],
            tookMs: 0,
          },
        ],
      }
    : report;

/**
 * The same report with paths from the root of the repository, where CI systems look for them. Other
 * paths stay as they are.
 *
 * @param folder the folder to which relative paths belong
 */
export function withPathsFrom(root: string, folder: string, report: CiReport): CiReport {
  const fromRoot = (file: string) => {
    const path = resolve(folder, file);
    return path.startsWith(join(root, sep)) ? relative(root, path).replaceAll(sep, '/') : file;
  };
  const placed = ({ place, ...problem }: Problem): Problem =>
    place ? { ...problem, place: { ...place, file: fromRoot(place.file) } } : problem;
  return {
    ...report,
    suites: report.suites.map((suite) => ({
      ...suite,
      cases: suite.cases.map((each) => ({ ...each, problems: each.problems.map(placed) })),
    })),
  };
}
