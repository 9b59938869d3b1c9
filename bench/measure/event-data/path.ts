/** Reads the number and the stamp of an event at paths that the user named. */
import type { EventDataFindings, PathFindings } from '../../result/event-data.ts';
import type { EventOptions } from '../../scenario/event-options.ts';
import { isIntoData, numberOf, parsed, searchFor } from './at-path.ts';
import { shapeOf } from './shape.ts';
import type { EventReader } from './reader.ts';
import { stampReader } from './stamp.ts';

export interface PathReaderOptions {
  events: Pick<EventOptions, 'sequence' | 'stamp'>;
  /** Whether the server runs on this machine, so that both use the same clocks. */
  sameClock: boolean;
  /** Measures Unix time minus the common clock, in nanoseconds. */
  wallOffsetNs(): number;
}

/** Every event is parsed once, only if a path leads into its data; with large numbers twice. */
export function pathReader({ events, sameClock, wallOffsetNs }: PathReaderOptions): EventReader {
  const { sequence, stamp } = events;
  const numberIn = sequence === null ? undefined : searchFor(sequence);
  const stampIn = stamp === null ? undefined : searchFor(stamp);
  const needsJson = [sequence, stamp].some(isIntoData);
  const offsetNs = stamp !== null && sameClock ? wallOffsetNs() : 0;
  const stamps = stampReader(offsetNs);
  const numbersFound = createFindings();
  const stampsFound = { ...createFindings(), foreign: 0 };

  function readNumber(data: string, json: unknown, id?: string, name?: string) {
    let value = numberIn!(json, id, name);
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
      value = numberIn!(parsedExactly(data), id, name);
    const number = numberOf(value);
    if (number === undefined) addAbsent(numbersFound, data);
    else numbersFound.found++;
    return number;
  }

  function readStamp(data: string, json: unknown, atNs: number, id?: string, name?: string) {
    const value = stampIn!(json, id, name);
    const stampNs = sameClock ? stamps.read(value, atNs) : undefined;
    if (isNothing(value)) addAbsent(stampsFound, data);
    else if (sameClock && stampNs === undefined) stampsFound.foreign++;
    else stampsFound.found++;
    return stampNs;
  }

  return {
    read(data, id, name, atNs) {
      const json = needsJson ? parsed(data) : undefined;
      return {
        number: numberIn && readNumber(data, json, id, name),
        stampNs: stampIn && readStamp(data, json, atNs, id, name),
      };
    },
    resolutionNs: stamps.resolutionNs,
    findings(): EventDataFindings {
      const clock = stamps.form()?.clock ?? null;
      return {
        sequence: numberIn ? { ...numbersFound } : null,
        stamp: stampIn
          ? {
              ...stampsFound,
              isElsewhere: !sameClock,
              clock,
              resolutionNs: stamps.resolutionNs(),
              wallClockStepNs: clock === 'wall' ? Math.abs(wallOffsetNs() - offsetNs) : 0,
            }
          : null,
      };
    },
  };
}

/** Parses whole numbers beyond 2^53 as text, since a number would lose their last digits. */
function parsedExactly(data: string): unknown {
  const exact = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? '')
      ? context!.source
      : value;
  return JSON.parse(data, exact as Parameters<typeof JSON.parse>[1]);
}

const isNothing = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

const createFindings = (): PathFindings => ({ found: 0, absent: 0, example: '' });

function addAbsent(findings: PathFindings, data: string): void {
  if (findings.absent++ === 0) findings.example = shapeOf(data);
}
