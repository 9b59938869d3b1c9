/** Figures of each event name: rate, gap and delivery. */
import { mostEventNames, otherNames, type NamedEvents } from '../result/event-data.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import { createHistogram, mergeEncoded } from './histogram.ts';
import type { Instrument } from './instrument.ts';

export interface ByEvent extends Instrument<never, never, 'byEvent'> {
  /**
   * Takes one event, in the order of arrival.
   *
   * @param name its event field; without one, the name is `message`, as in a browser
   * @param deliveryNs `undefined` without a stamp of our clock
   */
  record(
    stream: number,
    name: string | undefined,
    atNs: number,
    deliveryNs: number | undefined,
    isMeasured: boolean,
  ): void;
  /** Restarts a stream. The time up to its next event of any name does not count as a gap. */
  forget(stream: number): void;
}

const longestName = 60;

export function createByEvent(streams: number): ByEvent {
  const rows = new Map<string, ReturnType<typeof createRow>>();

  function rowOf(name: string) {
    const key = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
    const row = rows.get(key);
    if (row) return row;
    const kept = rows.size < mostEventNames ? key : otherNames;
    const added = rows.get(kept) ?? createRow(streams);
    rows.set(kept, added);
    return added;
  }

  return {
    record(stream, name = 'message', atNs, deliveryNs, isMeasured) {
      rowOf(name).record(stream, atNs, deliveryNs, isMeasured);
    },
    forget(stream) {
      for (const row of rows.values()) row.forget(stream);
    },
    findings: () => ({
      byEvent: Array.from(rows, ([name, row]) => ({
        name: textWithoutSecrets(name),
        ...row.findings(),
      })),
    }),
  };
}

function createRow(streams: number) {
  const gap = createHistogram();
  const delivery = createHistogram();
  const lastNs = new Float64Array(streams);
  let events = 0;
  return {
    record(stream: number, atNs: number, deliveryNs: number | undefined, isMeasured: boolean) {
      const beforeNs = lastNs[stream]!;
      lastNs[stream] = atNs;
      if (!isMeasured) return;
      events++;
      if (beforeNs !== 0) gap.recordNs(atNs - beforeNs);
      if (deliveryNs !== undefined) delivery.recordNs(deliveryNs);
    },
    forget: (stream: number) => void (lastNs[stream] = 0),
    findings: () => ({ events, gap: gap.encode(), delivery: delivery.encode() }),
  };
}

/** Adds the names of another generator or round. Generators may have met them in another order. */
export function addByEvent(total: NamedEvents[], more: readonly NamedEvents[]): void {
  for (const each of more) {
    const isFull = total.length >= mostEventNames && !total.some(({ name }) => name === each.name);
    const name = isFull ? otherNames : each.name;
    const same = total.find((one) => one.name === name);
    if (same === undefined) total.push({ ...each, name });
    else {
      same.events += each.events;
      same.gap = mergeEncoded([same.gap, each.gap]);
      same.delivery = mergeEncoded([same.delivery, each.delivery]);
    }
  }
}
