import { expect, test } from 'vitest';
import { generatorHistograms } from '../result/histogram-names.ts';
import { countsSchema, countedSchema } from '../result/recording.ts';
import { sumOf } from './findings.ts';
import { createInstruments } from './recorder.ts';

test('each count and each distribution of a result belongs to one instrument', () => {
  const instruments = createInstruments(
    {
      intendedNs: new Float64Array(1),
      window: { warmUpAtNs: 0, measureAtNs: 0, disconnectAtNs: 1 },
      intervalMs: 100,
      stormIntervalMs: 20,
      firstNumber: 0,
      sameClock: true,
      reconnect: { cut: { atNs: 0 } },
    },
    () => true,
  );
  const all = Object.values(instruments).map((instrument) => instrument.findings());
  const names = (part: 'counts' | 'histograms') =>
    all.flatMap((found) => Object.keys(part in found ? found[part as never] : {})).toSorted();
  expect(names('counts')).toEqual(Object.keys(countsSchema.shape).toSorted());
  expect(names('histograms')).toEqual(generatorHistograms.toSorted());
});

test('sums include every part and do not change their inputs', () => {
  const failures = { stalled: { count: 1, example: 'first' } };
  const encodings = { gzip: { streams: 1, sentBytes: 2, decodedBytes: 3 } };
  const one = { failures, failedAttempts: failures, unexpectedEvents: failures, encodings };
  const sum = sumOf([{ counts: { events: 2 } }, one, { counts: { events: 3, gaps: 1 } }, one]);
  const twice = { stalled: { count: 2, example: 'first' } };
  expect(sum).toMatchObject({ failures: twice, failedAttempts: twice, unexpectedEvents: twice });
  expect(sum.encodings).toEqual({ gzip: { streams: 2, sentBytes: 4, decodedBytes: 6 } });
  expect(sum.counts).toMatchObject({ events: 5, gaps: 1, started: 0 });
  expect(countedSchema.parse(sum)).toEqual(sum);
  expect(failures).toEqual({ stalled: { count: 1, example: 'first' } });
});
