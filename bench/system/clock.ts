/** Where time comes from. Everything else takes a `Clock`, or a time as an argument. */

/** A monotonic clock that all processes of one machine share. */
export interface Clock {
  /** Nanoseconds since an origin that all processes of the machine have in common; may have a fraction. */
  nowNs(): number;
}

/**
 * The machine's monotonic clock, as `process.hrtime` and a counter's stamps show it.
 *
 * `performance.now()` reads the same clock from another origin and needs no BigInt, which matters on the
 * path of every event. The distance of the two origins is taken from the tightest of some paired readings:
 * it is off by less than one such pair takes, well under a microsecond.
 */
export function machineClock(): Clock {
  let offsetNs = 0;
  let tightestNs = Infinity;
  for (let reading = 0; reading < 50; reading++) {
    const before = Number(process.hrtime.bigint());
    const betweenNs = performance.now() * 1e6;
    const after = Number(process.hrtime.bigint());
    if (after - before < tightestNs) {
      tightestNs = after - before;
      offsetNs = (before + after) / 2 - betweenNs;
    }
  }
  return { nowNs: () => performance.now() * 1e6 + offsetNs };
}
