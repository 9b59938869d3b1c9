import { expect, test } from 'vitest';
import { histogramsFrom } from '../../measure/findings.ts';
import { createHistogram } from '../../measure/histogram.ts';
import { nothingCounted } from '../../result/recording.ts';
import { LoadFailure } from './failure.ts';

const nothing = nothingCounted();
const ended = { failures: {}, counts: { ...nothing.counts, ended: 20 } };
const lifetime = createHistogram();
lifetime.recordNs(2e9);
const histograms = { ...histogramsFrom(() => ''), lifetime: lifetime.encode() };

test('streams that the server ended need another load, unless the load cuts them', () => {
  const what = 'every stream ended or failed';
  const remedy =
    'if each is one answer, use --answers. If they end by design, measure how clients reconnect with --reconnect, or use --arrivals with a shorter --lifetime';
  expect(new LoadFailure('measure', what, ended, 'steady').message).toBe(
    `all 20 streams were ended by the server; ${remedy}`,
  );
  expect(new LoadFailure('measure', what, { ...ended, histograms }, 'steady').message).toBe(
    `all 20 streams were ended by the server after 2s (median); ${remedy}`,
  );
  expect(new LoadFailure('measure', 'no stream reconnected', ended, 'reconnect').message).toBe(
    'no stream reconnected: 20 × ended by the server',
  );
});
