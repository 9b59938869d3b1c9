/**
 * The data of a counter event: `N`, or `N STAMP` with nanoseconds of the common clock. Dots may
 * follow as padding.
 */
const counterData = /^(\d+)(?: (\d+))?\.*$/;

/** @returns the number and the stamp as text; both `undefined` if the data is not a counter's */
export function readCounterData(data: string): {
  counted: string | undefined;
  stamp: string | undefined;
} {
  const [, counted, stamp] = counterData.exec(data) ?? [];
  return { counted, stamp };
}
