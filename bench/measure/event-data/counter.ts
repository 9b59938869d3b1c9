/** Reads counter events: those of the reference servers, and of servers with the same format. */
import type { EventReader } from './reader.ts';

/**
 * The data of a counter event: `N`, or `N STAMP` with nanoseconds of the common clock. Dots may
 * follow as padding.
 */
const counterData = /^(\d+)(?: (\d+))?\.*$/;

/** @param needsStamp whether only data with a stamp is a counter's */
export function counterReader(needsStamp: boolean): EventReader {
  return {
    read(data) {
      const [, counted, stamp] = counterData.exec(data) ?? [];
      const isCounter = counted !== undefined && (!needsStamp || stamp !== undefined);
      return {
        number: isCounter ? Number(counted) : undefined,
        stampNs: stamp === undefined ? undefined : Number(stamp),
      };
    },
    resolutionNs: () => 0,
    findings: () => undefined,
  };
}
