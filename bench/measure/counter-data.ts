/** The data of a counter's event: `N`, or `N STAMP` with nanoseconds of the common clock; padding may follow. */
const counterData = /^(\d+)(?: (\d+))?\.*$/;

/** @returns the number and the stamp as they stand there; neither where the data is no counter's */
export function readCounterData(data: string): {
  counted: string | undefined;
  stamp: string | undefined;
} {
  const [, counted, stamp] = counterData.exec(data) ?? [];
  return { counted, stamp };
}
