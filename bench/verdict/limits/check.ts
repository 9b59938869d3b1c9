/** Defines a limit on the validity of a round. */
import type { Readings } from '../../metrics/metric.ts';

/** One limit. */
export interface Check {
  name: string;
  /** The limit, in words for the docs. */
  limit: string;
  /** Why a round beyond the limit is invalid. */
  reason: string;
  remedy: string;
  /** A further remedy if ssebench knows only the URL of the server. */
  remedyForUrl?: string;
  /**
   * @param loadCores how many cores the generators had; `undefined` if ssebench did not choose them
   * @returns what was found beyond the limit; `undefined` if the round is within it, or if that is
   * unknown
   */
  finding(readings: Readings, loadCores?: number): string | undefined;
}

export const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
export const above = (share: number | null | undefined, limit: number) =>
  typeof share === 'number' && share > limit;
export const worst = (shares: readonly (number | null)[]) =>
  Math.max(...shares.map((share) => share ?? 0));
