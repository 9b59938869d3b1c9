/** Turns the stamps of a server into times of the common clock. Their unit is found out. */
import { longestDeliveryNs } from '../stamps.ts';

/** How the stamps of a server are read. */
export interface StampForm {
  clock: 'monotonic' | 'wall';
  /** Nanoseconds of one unit. */
  unitNs: number;
}

export interface StampReader {
  /**
   * @param value a number or text from an event
   * @returns nanoseconds of the common clock; `undefined` if it is no time within one hour of `atNs`
   */
  read(value: unknown, atNs: number): number | undefined;
  /** `undefined` before the first stamp. */
  form(): StampForm | undefined;
  /** The step between two stamps in nanoseconds, by the finest stamp so far; 0 without a stamp. */
  resolutionNs(): number;
}

/** Nanoseconds, microseconds, milliseconds, seconds. */
const unitsNs = [1, 1e3, 1e6, 1e9];
const forms: readonly StampForm[] = (['monotonic', 'wall'] as const).flatMap((clock) =>
  unitsNs.map((unitNs) => ({ clock, unitNs })),
);

/** A stamp of a shorter time ago has the known form. */
const freshNs = 1e9;

const isoText = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,](\d+))?/;
const numberText = /^\d+(\.\d+)?$/;

/**
 * @param wallOffsetNs Unix time minus the common clock, in nanoseconds
 */
export function stampReader(wallOffsetNs: number): StampReader {
  let known: StampForm | undefined;
  let finestNs = Infinity;

  const timeOf = (value: number, { clock, unitNs }: StampForm) =>
    value * unitNs - (clock === 'wall' ? wallOffsetNs : 0);

  /** The form whose time is nearest to now. */
  function nearestForm(value: number, atNs: number): StampForm {
    const distance = (form: StampForm) => Math.abs(atNs - timeOf(value, form));
    return forms.reduce((best, form) => (distance(form) < distance(best) ? form : best));
  }

  function readNumber(value: number, atNs: number, stepNs?: number): number | undefined {
    // An old event may fit a wrong form better, such as Unix milliseconds on a machine that started
    // half an hour ago. So only the form of a fresh event is kept.
    const isFresh = known && Math.abs(atNs - timeOf(value, known)) < freshNs;
    const form = isFresh ? known! : nearestForm(value, atNs);
    const sentNs = timeOf(value, form);
    if (Math.abs(atNs - sentNs) >= longestDeliveryNs) return undefined;
    if (form !== known) finestNs = Infinity;
    known = form;
    const ownStepNs = stepNs ?? form.unitNs * stepOf(value);
    if (ownStepNs < finestNs) finestNs = ownStepNs;
    return sentNs;
  }

  return {
    read(value, atNs) {
      if (typeof value === 'number') return readNumber(value, atNs);
      if (typeof value !== 'string') return undefined;
      if (numberText.test(value)) return readNumber(Number(value), atNs);
      const iso = isoText.exec(value);
      const unixMs = iso ? Date.parse(value.replace(',', '.')) : NaN;
      if (Number.isNaN(unixMs)) return undefined;
      // Date.parse drops digits after the milliseconds.
      const digits = iso![1] ?? '';
      const unixNs = Math.floor(unixMs / 1e3) * 1e9 + Number(digits.padEnd(9, '0').slice(0, 9));
      return readNumber(unixNs, atNs, 10 ** Math.max(0, 9 - digits.length));
    },
    form: () => known,
    resolutionNs: () => (finestNs === Infinity ? 0 : finestNs),
  };
}

/** The step of a number as a share of its unit: 1 for whole numbers. */
function stepOf(value: number): number {
  for (const step of [1, 1e-3, 1e-6]) {
    const steps = value / step;
    if (Math.abs(steps - Math.round(steps)) < 1e-3) return step;
  }
  return 1e-9;
}
